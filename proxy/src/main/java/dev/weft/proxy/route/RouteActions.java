package dev.weft.proxy.route;

import dev.weft.model.policy.RateLimit;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.RouteFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rule's filters ask of the stations behind the route table, beside edits of heads. Immutable.
 *
 * @param cors who may read the answers in a browser
 * @param limits checked in order
 * @param faults the first that meets a request happens to it
 * @param mirror where copies go
 * @param body how large a body may be; empty for what holds everywhere
 */
public record RouteActions(
        Optional<RouteFilter.Cors> cors,
        List<RateLimit> limits,
        List<FaultCondition> faults,
        Optional<RouteFilter.Mirror> mirror,
        Optional<RouteFilter.LimitBody> body) {

    public static final RouteActions NONE =
            new RouteActions(Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty());

    /** A fault, and the headers of requests that it meets, made ready. */
    public record FaultCondition(Fault fault, List<HeaderCondition> headers) {

        static FaultCondition of(Fault fault) {
            return new FaultCondition(
                    fault, fault.headers().stream().map(HeaderCondition::new).toList());
        }

        public boolean holds(HeadView head) {
            return headers.stream().allMatch(condition -> condition.holds(head));
        }
    }

    static RouteActions of(List<RouteFilter> filters) {
        Optional<RouteFilter.Cors> cors = Optional.empty();
        List<RateLimit> limits = new ArrayList<>();
        List<FaultCondition> faults = new ArrayList<>();
        Optional<RouteFilter.Mirror> mirror = Optional.empty();
        Optional<RouteFilter.LimitBody> body = Optional.empty();
        for (RouteFilter filter : filters) {
            switch (filter) {
                case RouteFilter.Cors found -> cors = Optional.of(found);
                case RouteFilter.Mirror found -> mirror = Optional.of(found);
                case RouteFilter.LimitBody found -> body = Optional.of(found);
                case RouteFilter.LimitRate found -> limits.add(found.limit());
                case RouteFilter.InjectFault found -> faults.add(FaultCondition.of(found.fault()));
                case RouteFilter.Answer _,
                        RouteFilter.SetRequestHeader _,
                        RouteFilter.AddRequestHeader _,
                        RouteFilter.RemoveRequestHeader _,
                        RouteFilter.SetResponseHeader _,
                        RouteFilter.AddResponseHeader _,
                        RouteFilter.RemoveResponseHeader _,
                        RouteFilter.RewritePrefix _,
                        RouteFilter.RewriteRegex _,
                        RouteFilter.RewriteHost _,
                        RouteFilter.AllowUpgrade _,
                        RouteFilter.Redirect _ -> {} // the route's edits and answer
            }
        }
        boolean none = cors.isEmpty() && limits.isEmpty() && faults.isEmpty() && mirror.isEmpty() && body.isEmpty();
        return none ? NONE : new RouteActions(cors, List.copyOf(limits), List.copyOf(faults), mirror, body);
    }
}
