package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.knative.DomainMapping;
import dev.weft.resources.knative.Revision;
import dev.weft.resources.knative.RevisionSpec;
import dev.weft.resources.knative.Route;
import dev.weft.resources.knative.TrafficEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Knative's routes: a mesh service on port 80 that is divided among revisions, and frontends of the edge that leave the
 * choice to it. A route wins over a Service of the same name: Knative keeps that one as a placeholder.
 */
final class KnativeRoutes {

    private static final int PORT = 80;
    /** Names the tag to be asked, whatever the shares; a tag that nobody has means the shares. */
    private static final String TAG_HEADER = "knative-serving-tag";

    /** What Knative's own parts tell each other; a client that says so is not believed. */
    private static final List<RouteFilter> FROM_OUTSIDE = List.of(
            new RouteFilter.AllowUpgrade(List.of("*")), // as Knative's gateways do
            new RouteFilter.RemoveRequestHeader("knative-serving-revision"),
            new RouteFilter.RemoveRequestHeader("knative-serving-namespace"));

    private final Declarations declarations;
    private final MeshServices services;
    private final EdgeOptions options;
    private final List<Resource> routes;
    private final Set<ServicePort> published = new HashSet<>();
    private final Findings findings;
    private final List<Frontend> frontends = new ArrayList<>();

    KnativeRoutes(Declarations declarations, MeshServices services, EdgeOptions options, Findings findings) {
        this.declarations = declarations;
        this.services = services;
        this.options = options;
        this.findings = findings;
        List<Declared<Route>> readable = declarations.readable(Kinds.ROUTE, Route.class);
        this.routes = Stream.concat(readable.stream(), declarations.unreadable(Kinds.ROUTE).stream())
                .<Resource>map(Declared::resource)
                .toList();
        readable.forEach(this::add);
        domains();
    }

    /** For the edge; a route of the cluster alone has none. */
    List<Frontend> frontends() {
        return frontends;
    }

    /** A domain belongs to its oldest mapping; what is of the cluster alone gets none. */
    private void domains() {
        Map<String, Declared<DomainMapping>> owners = new LinkedHashMap<>();
        declarations.readable(Kinds.DOMAIN_MAPPING, DomainMapping.class).stream()
                .sorted(Comparator.comparing(Declared::resource, DomainMapping.FIRST_COMES_FIRST))
                .forEach(mapping -> {
                    Declared<DomainMapping> owner =
                            owners.putIfAbsent(mapping.resource().name(), mapping);
                    if (owner != null) {
                        findings.error(
                                mapping.key(),
                                "metadata.name",
                                "Conflict",
                                owner.key() + " is older and has this domain.",
                                "Delete one of the two.");
                    }
                });
        owners.values().forEach(this::domain);
    }

    private void domain(Declared<DomainMapping> declared) {
        DomainMapping mapping = declared.value().orElseThrow();
        String namespace = declared.resource().namespace();
        ServicePort target = new ServicePort(new ServiceName(namespace, mapping.target()), PORT);
        Optional<Resource> named = declarations.resource(
                switch (mapping.targetKind()) {
                    case ROUTE -> Kinds.ROUTE.key(namespace, mapping.target());
                    case SERVICE -> Kinds.SERVICE.key(namespace, mapping.target());
                });
        if (named.isEmpty() || services.destination(target).isEmpty()) {
            findings.error(
                    declared.key(),
                    "spec.ref.name",
                    "BackendNotFound",
                    "there is no service \"" + mapping.target() + "\" in namespace " + namespace + " on port " + PORT
                            + ".",
                    "Create it, or correct the name.");
            return;
        }
        if (Route.clusterLocal(named.get(), routes)) {
            findings.error(
                    declared.key(),
                    "spec.ref.name",
                    "ClusterLocal",
                    "\"" + mapping.target() + "\" is of the cluster alone, and gets no domain.",
                    "Remove its label " + Route.VISIBILITY_LABEL + ", or this mapping.");
            return;
        }
        Timeouts timeouts = services.destination(target).orElseThrow().timeouts();
        String host = declared.resource().name();
        Rule rule = outside(declared, target, timeouts);
        frontends.add(new Frontend(host, declared.key().reference(), List.of(host), List.of(rule)));
    }

    private void add(Declared<Route> declared) {
        Route route = declared.value().orElseThrow();
        List<TrafficEntry> assigned = route.assigned().stream()
                .filter(entry -> !entry.revision().isEmpty())
                .toList();
        publish(
                declared,
                "",
                assigned.stream().filter(entry -> entry.percent() > 0).toList());
        for (TrafficEntry entry : assigned) {
            if (!entry.tag().isEmpty()) {
                publishTag(declared, entry);
                preferTag(declared, entry);
            }
        }
    }

    /** A name is a Route's own before it is a tag's, so that nothing public leads to a tag that is not. */
    private void publishTag(Declared<Route> route, TrafficEntry entry) {
        String namespace = route.resource().namespace();
        String name = entry.tag() + "-" + route.resource().name();
        boolean taken = declarations.resource(Kinds.ROUTE.key(namespace, name)).isPresent()
                || !published.add(new ServicePort(new ServiceName(namespace, name), PORT));
        if (taken) {
            findings.error(
                    route.key(),
                    "spec.traffic",
                    "Conflict",
                    "the name \"" + name + "\" of tag \"" + entry.tag() + "\" belongs to another Route.",
                    "Choose another tag.");
            return;
        }
        publish(route, entry.tag() + "-", List.of(entry));
    }

    private void preferTag(Declared<Route> route, TrafficEntry entry) {
        ServiceName service =
                new ServiceName(route.resource().namespace(), route.resource().name());
        Match tagged =
                new Match(new PathMatch.Prefix("/"), Set.of(), List.of(new HeaderMatch.Exact(TAG_HEADER, entry.tag())));
        services.except(
                new ServicePort(service, PORT),
                new Rule(
                        route.key() + " (tag " + entry.tag() + ")",
                        route.key().reference(),
                        List.of(tagged),
                        List.of(),
                        List.of(new WeightedBackend(backend(service.namespace(), entry.revision()), 100)),
                        timeouts(service.namespace(), entry.revision()),
                        RetryPolicy.DEFAULT));
    }

    private void publish(Declared<Route> route, String prefix, List<TrafficEntry> entries) {
        String namespace = route.resource().namespace();
        String name = prefix + route.resource().name();
        ServicePort servicePort = new ServicePort(new ServiceName(namespace, name), PORT);
        List<WeightedBackend> backends = new ArrayList<>();
        Optional<Timeouts> longest = Optional.empty();
        for (TrafficEntry entry : entries) {
            int weight = prefix.isEmpty() ? entry.percent() : 100;
            backends.add(new WeightedBackend(backend(namespace, entry.revision()), weight));
            Timeouts own = timeouts(namespace, entry.revision());
            longest = Optional.of(longest.map(others -> longest(others, own)).orElse(own));
        }
        Timeouts timeouts = longest.orElse(Timeouts.ofRequest(Duration.ZERO));
        if (backends.isEmpty()) {
            String reason = route.key() + " has no ready revision yet.";
            backends.add(new WeightedBackend(new Backend.Invalid(servicePort.toString(), reason), 100));
        }
        services.decide(
                servicePort,
                new MeshServices.Destination(route.key().reference(), backends, timeouts, RetryPolicy.DEFAULT));
        if (Route.clusterLocal(route.resource(), List.of())
                || route.value().orElseThrow().clusterLocal()) { // the newest, and the last that could be read
            return;
        }
        Rule rule = outside(route, servicePort, timeouts);
        List<String> hosts = options.domains().stream()
                .map(domain -> name + "." + namespace + "." + domain)
                .toList();
        frontends.add(new Frontend(hosts.getFirst(), route.key().reference(), hosts, List.of(rule)));
    }

    private static Rule outside(Declared<?> source, ServicePort to, Timeouts timeouts) {
        return new Rule(
                source.key().toString(),
                source.key().reference(),
                List.of(),
                FROM_OUTSIDE,
                List.of(new WeightedBackend(new Backend.Delegate(to), 100)),
                timeouts,
                RetryPolicy.DEFAULT);
    }

    private Backend backend(String namespace, String revision) {
        ServicePort servicePort = new ServicePort(new ServiceName(namespace, revision), PORT);
        return services.groups().containsKey(servicePort)
                ? new Backend.Service(servicePort)
                : new Backend.Invalid(servicePort.toString(), "Revision " + revision + " has no Service yet.");
    }

    private Timeouts timeouts(String namespace, String revision) {
        return declarations
                .find(Kinds.REVISION.key(namespace, revision), Revision.class)
                .map(found -> MeshServices.timeouts(found.spec()))
                .orElse(Timeouts.ofRequest(Duration.ofSeconds(RevisionSpec.TIMEOUT_SECONDS)));
    }

    /** What holds for all revisions together: of each part the longest limit, and none where one of them has none. */
    private static Timeouts longest(Timeouts one, Timeouts other) {
        return Timeouts.ofRequest(longest(one.request(), other.request()))
                .withHeader(longest(one.header(), other.header()))
                .withIdle(longest(one.idle(), other.idle()));
    }

    private static Duration longest(Duration one, Duration other) {
        if (one.isZero() || other.isZero()) {
            return Duration.ZERO;
        }
        return one.compareTo(other) > 0 ? one : other;
    }
}
