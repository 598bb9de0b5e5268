package dev.weft.proxy.route;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.ServiceName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Frontends, rules and tables, in few words. */
final class Given {

    private Given() {}

    static ServicePort service(String name) {
        return new ServicePort(new ServiceName("default", name), 80);
    }

    static WeightedBackend to(String name) {
        return share(name, 1);
    }

    static WeightedBackend share(String name, int weight) {
        return new WeightedBackend(new Backend.Service(service(name)), weight);
    }

    static WeightedBackend delegate(String name) {
        return new WeightedBackend(new Backend.Delegate(service(name)), 1);
    }

    static Match path(PathMatch path) {
        return new Match(path, Set.of(), List.of());
    }

    static Match prefix(String prefix) {
        return path(new PathMatch.Prefix(prefix));
    }

    static Match header(String name, String value) {
        return new Match(new PathMatch.Prefix("/"), Set.of(), List.of(new HeaderMatch.Exact(name, value)));
    }

    /** A rule named after its first backend. */
    static Rule rule(Match match, WeightedBackend... backends) {
        return rule(match, List.of(), backends);
    }

    static Rule rule(Match match, List<RouteFilter> filters, WeightedBackend... backends) {
        String name = switch (backends[0].backend()) {
            case Backend.Service(ServicePort port) -> port.service().name();
            case Backend.Delegate(ServicePort port) -> port.service().name();
            case Backend.Invalid(String invalid, String _) -> invalid;
        };
        return new Rule(
                name,
                new ResourceReference("getambassador.io", "Mapping", "default", name),
                List.of(match),
                filters,
                Arrays.asList(backends),
                Timeouts.DEFAULT,
                RetryPolicy.DEFAULT);
    }

    static Frontend frontend(String host, Rule... rules) {
        return new Frontend(
                host,
                new ResourceReference("getambassador.io", "Host", "default", host),
                List.of(host),
                Arrays.asList(rules));
    }

    static Snapshot edge(Frontend... frontends) {
        return snapshot(Arrays.asList(frontends), Map.of());
    }

    static Snapshot mesh(Map<ServicePort, Frontend> frontends) {
        return snapshot(List.of(), frontends);
    }

    static Snapshot snapshot(List<Frontend> edge, Map<ServicePort, Frontend> mesh) {
        return new Snapshot(1, List.of(), edge, mesh, Map.of(), List.of(), Map.of(), List.of());
    }

    static RouteTable table(Snapshot snapshot) {
        return RouteTable.empty().next(snapshot, 2, new SplittableRandom(1));
    }

    /** Where the request goes, or the code of the refusal. */
    static String destination(Routing routing) {
        return switch (routing) {
            case Routing.Forward forward -> forward.servicePort().service().name();
            case Routing.Redirect redirect -> redirect.redirect().host();
            case Routing.Answer answer -> answer.answer().body();
            case Routing.Refusal refusal -> refusal.error().code();
        };
    }
}
