package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.knative.Revision;
import dev.weft.resources.knative.RevisionSpec;
import dev.weft.resources.knative.Route;
import dev.weft.resources.knative.TrafficEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Knative's routes: a mesh service on port 80 that is divided among revisions, and frontends of the edge that leave the
 * choice to it. A route wins over a Service of the same name: Knative keeps that one as a placeholder.
 */
final class KnativeRoutes {

    private static final int PORT = 80;

    private final Declarations declarations;
    private final MeshServices services;
    private final EdgeOptions options;
    private final List<Frontend> frontends = new ArrayList<>();

    KnativeRoutes(Declarations declarations, MeshServices services, EdgeOptions options) {
        this.declarations = declarations;
        this.services = services;
        this.options = options;
        declarations.readable(Kinds.ROUTE, Route.class).forEach(this::add);
    }

    /** For the edge; a route of the cluster alone has none. */
    List<Frontend> frontends() {
        return frontends;
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
                publish(declared, entry.tag() + "-", List.of(entry));
            }
        }
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
        if (route.value().orElseThrow().clusterLocal()) {
            return;
        }
        Rule rule = new Rule(
                route.key().toString(),
                route.key().reference(),
                List.of(),
                List.of(new RouteFilter.AllowUpgrade(List.of("*"))), // as Knative's gateways do
                List.of(new WeightedBackend(new Backend.Delegate(servicePort), 100)),
                timeouts,
                RetryPolicy.DEFAULT);
        List<String> hosts = options.domains().stream()
                .map(domain -> name + "." + namespace + "." + domain)
                .toList();
        frontends.add(new Frontend(hosts.getFirst(), route.key().reference(), hosts, List.of(rule)));
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
