package dev.weft.serving.knative;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Route: says in its status which revisions answer, with what share and under which URLs. While a new target is not
 * ready, the status keeps the old ones, which go on serving; shares move to a new latest revision at once, or step by step.
 */
final class RouteController {

    private static final String CLUSTER_DOMAIN = "svc.cluster.local";

    private final ResourceStore store;
    private final RevisionIndex revisions;
    private final String domain;
    private final InstantSource clock;
    private final RouteReferences references;

    RouteController(
            ResourceStore store,
            RevisionIndex revisions,
            RouteReferences references,
            String domain,
            InstantSource clock) {
        this.store = store;
        this.revisions = revisions;
        this.references = references;
        this.domain = domain;
        this.clock = clock;
    }

    /**
     * Brings the Route's status in line.
     *
     * @return when to look again; empty when only a change can change anything
     */
    Optional<Duration> reconcile(Key key) {
        Optional<Resource> route = store.get(key).filter(found -> !found.deleting());
        if (route.isEmpty()) {
            references.forget(key);
            return Optional.empty();
        }
        return reconcile(route.get());
    }

    private Optional<Duration> reconcile(Resource route) {
        RouteTargets targets = RouteTargets.resolve(store, route);
        boolean named = Owned.ensureAtLeast(store, route, service(route)).isPresent();
        List<Problem> problems = Validation.ofRoute(route);
        Condition assigned = problems.isEmpty()
                ? targets.assigned()
                : Condition.no(RouteTargets.ALL_TRAFFIC_ASSIGNED, "InvalidSpec", Validation.text(problems));
        Instant now = clock.instant();
        Rollout rollout = assigned.isTrue() ? rollout(route, targets, now) : RolloutState.read(route);
        Condition ingress = ingress(route, named, rollout);
        Condition certificate =
                new Condition("CertificateProvisioned", "True", "TLSNotEnabled", "external-domain-tls is not enabled");
        Condition ready = Conditions.ready(List.of(assigned, ingress, certificate));
        ObjectNode status = Conditions.status(route, List.of(assigned, ingress, certificate, ready), now);
        status.put("url", url(route, ""));
        status.putObject("address").put("url", "http://" + host(route, "", CLUSTER_DOMAIN));
        if (assigned.isTrue()) {
            write(route, targets, rollout, status);
        } else if (route.at("/status/traffic").isArray()) {
            status.set("traffic", route.at("/status/traffic").deepCopy());
        }
        RolloutState.write(rollout, status);
        store.updateStatus(route.key(), status);
        markRevisions(route, targets, status);
        return assigned.isTrue() ? rollout.next().map(next -> Duration.between(now, next)) : Optional.empty();
    }

    private Rollout rollout(Resource route, RouteTargets targets, Instant now) {
        Rollout before = RolloutState.read(route)
                .among(name -> store.get(Kinds.REVISION.key(route.namespace(), name))
                        .filter(revision -> !revision.deleting())
                        .isPresent());
        return targets.goal().after(before, RolloutState.duration(store, route), now);
    }

    private static Condition ingress(Resource route, boolean named, Rollout rollout) {
        String type = "IngressReady";
        if (!named) {
            return Condition.no(
                    type,
                    "NotOwned",
                    "There is an existing Service \"" + route.name() + "\" that this route does not own.");
        }
        return rollout.next().isEmpty()
                ? Condition.yes(type)
                : Condition.unknown(
                        type, "RolloutInProgress", "A gradual rollout of the latest revision(s) is in progress.");
    }

    private void write(Resource route, RouteTargets targets, Rollout rollout, ObjectNode status) {
        ArrayNode traffic = status.putArray("traffic");
        Set<Rollout.Line> written = new LinkedHashSet<>();
        for (RouteTargets.Target target : targets.targets()) {
            Optional<Rollout.Line> line = rollout.find(target.configuration(), target.tag());
            if (line.isEmpty()) {
                write(route, target, new Rollout.Share(target.revision(), target.percent()), traffic.addObject());
            } else if (written.add(line.get())) {
                line.get().shares().forEach(share -> write(route, target, share, traffic.addObject()));
            }
        }
    }

    /** A tag leads to the revision that its line means now, also while the line's share is still on its way there. */
    private void write(Resource route, RouteTargets.Target target, Rollout.Share share, ObjectNode json) {
        json.put("latestRevision", target.latest());
        json.put("percent", share.percent());
        json.put("revisionName", share.revision());
        if (!target.tag().isEmpty() && share.revision().equals(target.revision())) {
            json.put("tag", target.tag());
            json.put("url", url(route, target.tag()));
        }
    }

    /** The Service by which workloads name the route; it selects no pods. */
    private static Resource service(Resource route) {
        Map<String, String> labels = new LinkedHashMap<>(route.labels());
        labels.put(Names.ROUTE_LABEL, route.name());
        Resource service = Owned.of(
                route,
                Kinds.SERVICE.key(route.namespace(), route.name()),
                labels,
                Owned.handedDown(route.annotations()));
        ObjectNode spec = service.json().putObject("spec");
        spec.put("type", "ClusterIP");
        ObjectNode port = spec.putArray("ports").addObject();
        port.put("name", "http");
        port.put("port", 80);
        port.put("protocol", "TCP");
        port.put("targetPort", 80);
        return service;
    }

    private String url(Resource route, String tag) {
        boolean local = route.labels().getOrDefault(Names.VISIBILITY_LABEL, "").equals(Names.CLUSTER_LOCAL);
        return "http://" + host(route, tag, local ? CLUSTER_DOMAIN : domain);
    }

    private static String host(Resource route, String tag, String domain) {
        return (tag.isEmpty() ? "" : tag + "-") + route.name() + "." + route.namespace() + "." + domain;
    }

    /** Labels each revision with whether any route refers to it: only then its minimal scale holds. */
    private void markRevisions(Resource route, RouteTargets targets, ObjectNode status) {
        Set<String> refers = new LinkedHashSet<>();
        targets.targets().forEach(target -> refers.add(target.revision()));
        for (JsonNode target : status.path("traffic")) {
            refers.add(target.path("revisionName").asString(""));
        }
        Set<String> before = references.put(route, refers);
        List<Resource> concerned = new ArrayList<>();
        String configuration = route.labels().getOrDefault(Names.SERVICE_LABEL, "");
        revisions.of(route.namespace(), configuration).forEach(concerned::add);
        Set<String> others = new LinkedHashSet<>(before);
        others.addAll(refers);
        concerned.forEach(revision -> others.remove(revision.name()));
        for (String other : others) {
            store.get(Kinds.REVISION.key(route.namespace(), other)).ifPresent(concerned::add);
        }
        concerned.forEach(this::mark);
    }

    private void mark(Resource seen) {
        String state = seen.labels().getOrDefault(Names.ROUTING_STATE_LABEL, "pending");
        boolean routed = references.refer(seen.namespace(), seen.name());
        String wanted = routed ? "active" : state.equals("active") ? "reserve" : state;
        if (wanted.equals(state)) {
            return;
        }
        store.get(seen.key()).ifPresent(revision -> {
            ObjectNode json = revision.edit();
            json.withObject("/metadata/labels").put(Names.ROUTING_STATE_LABEL, wanted);
            json.withObject("/metadata/annotations")
                    .put(
                            Names.ROUTING_STATE_MODIFIED,
                            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            store.update(new Resource(revision.kind(), json));
        });
    }
}
