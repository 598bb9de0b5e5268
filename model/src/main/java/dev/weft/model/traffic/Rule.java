package dev.weft.model.traffic;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RouteTraffic;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import java.util.List;

/**
 * What to do with the requests that match.
 *
 * @param name for tables, metrics and {@code weft why}
 * @param source the resource that it came from
 * @param matches any of them; empty means every request
 * @param filters applied in order
 * @param backends one is chosen by weight for each request; all weights 0, or none at all, is an answer of 503
 * @param traffic what differs from the policy of the services behind it
 */
public record Rule(
        String name,
        ResourceReference source,
        List<Match> matches,
        List<RouteFilter> filters,
        List<WeightedBackend> backends,
        Timeouts timeouts,
        RetryPolicy retry,
        RouteTraffic traffic) {

    public Rule {
        matches = List.copyOf(matches);
        filters = List.copyOf(filters);
        backends = List.copyOf(backends);
    }

    /** A rule whose services' policies hold as they are. */
    public Rule(
            String name,
            ResourceReference source,
            List<Match> matches,
            List<RouteFilter> filters,
            List<WeightedBackend> backends,
            Timeouts timeouts,
            RetryPolicy retry) {
        this(name, source, matches, filters, backends, timeouts, retry, RouteTraffic.AS_THE_SERVICE_SAYS);
    }
}
