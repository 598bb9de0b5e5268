package dev.weft.serving.knative;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
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
import tools.jackson.databind.node.ObjectNode;

/**
 * A Route: says in its status which revisions answer, with what share and under which URLs. While a new target is not
 * ready, the status keeps the old ones, which go on serving.
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

    void reconcile(Key key) {
        Optional<Resource> route = store.get(key).filter(found -> !found.deleting());
        if (route.isEmpty()) {
            references.forget(key);
            return;
        }
        reconcile(route.get());
    }

    private void reconcile(Resource route) {
        RouteTargets targets = RouteTargets.resolve(store, route);
        boolean named = Owned.ensureAtLeast(store, route, service(route)).isPresent();
        List<Problem> problems = Validation.ofRoute(route);
        Condition assigned = problems.isEmpty()
                ? targets.assigned()
                : Condition.no(RouteTargets.ALL_TRAFFIC_ASSIGNED, "InvalidSpec", Validation.text(problems));
        Condition ingress = named
                ? Condition.yes("IngressReady")
                : Condition.no(
                        "IngressReady",
                        "NotOwned",
                        "There is an existing Service \"" + route.name() + "\" that this route does not own.");
        Condition certificate =
                new Condition("CertificateProvisioned", "True", "TLSNotEnabled", "external-domain-tls is not enabled");
        Condition ready = Conditions.ready(List.of(assigned, ingress, certificate));
        ObjectNode status = Conditions.status(route, List.of(assigned, ingress, certificate, ready), clock.instant());
        status.put("url", url(route, ""));
        status.putObject("address").put("url", "http://" + host(route, "", CLUSTER_DOMAIN));
        if (assigned.isTrue()) {
            write(route, targets, status);
        } else if (route.at("/status/traffic").isArray()) {
            status.set("traffic", route.at("/status/traffic").deepCopy());
        }
        store.updateStatus(route.key(), status);
        markRevisions(route, targets, status);
    }

    private void write(Resource route, RouteTargets targets, ObjectNode status) {
        var traffic = status.putArray("traffic");
        for (RouteTargets.Target target : targets.targets()) {
            ObjectNode json = traffic.addObject();
            json.put("latestRevision", target.latest());
            json.put("percent", target.percent());
            json.put("revisionName", target.revision());
            if (!target.tag().isEmpty()) {
                json.put("tag", target.tag());
                json.put("url", url(route, target.tag()));
            }
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
