package dev.weft.proxy.route;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.ServicePort;
import java.util.List;
import java.util.Optional;

/** What the route table says about one request. */
public sealed interface Routing {

    /**
     * Send it to an endpoint of this service port.
     *
     * @param route the rule that the request met first; its timeouts and its retry policy hold
     * @param delegates the mesh rules that decided after it, in order; mostly none
     * @param edits what the filters of all of them ask for
     */
    record Forward(Route route, List<Route> delegates, ServicePort servicePort, HeadEdits edits) implements Routing {

        /** When it is tried again: as the first rule says that says anything. */
        public RetryPolicy retry() {
            return delegates.isEmpty() || !route.defaultRetry()
                    ? route.rule().retry()
                    : delegates.getLast().rule().retry();
        }

        /** How long its parts may take: the first rule's whole, and of the parts what is said first. */
        public Timeouts timeouts() {
            Timeouts own = route.rule().timeouts();
            return delegates.isEmpty() || delegates.getLast().onlyWholeTimed()
                    ? own
                    : own.orElse(delegates.getLast().rule().timeouts());
        }
    }

    /** Answer with a redirect. */
    record Redirect(Route route, RouteFilter.Redirect redirect) implements Routing {}

    /** Answer with this. */
    record Answer(Route route, RouteFilter.Answer answer) implements Routing {}

    /**
     * Answer with this error.
     *
     * @param reason one sentence for the body
     * @param route the rule that decided, if one did
     */
    record Refusal(ErrorCode error, String reason, Optional<Route> route) implements Routing {}
}
