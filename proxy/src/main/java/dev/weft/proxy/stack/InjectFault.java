package dev.weft.proxy.stack;

import dev.weft.model.traffic.Fault;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.route.Route;
import dev.weft.proxy.route.RouteActions.FaultCondition;
import dev.weft.proxy.route.Routing;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Picks the requests that go wrong on purpose, once for a request and not for each try. */
final class InjectFault implements Station {

    private static final int EVERY = 1_000;

    @Override
    public boolean pass(Exchange exchange) {
        Optional<Routing.Forward> forward = exchange.routed();
        if (forward.isPresent() && !picked(forward.get().route(), exchange)) {
            for (Route delegate : forward.get().delegates()) {
                if (picked(delegate, exchange)) {
                    break;
                }
            }
        }
        return true;
    }

    private static boolean picked(Route route, Exchange exchange) {
        for (FaultCondition condition : route.actions().faults()) {
            if (meets(condition, exchange)) {
                exchange.fault(condition.fault());
                return true;
            }
        }
        return false;
    }

    private static boolean meets(FaultCondition condition, Exchange exchange) {
        Fault fault = condition.fault();
        boolean caller = fault.callers().isEmpty()
                || fault.callers().contains(exchange.entrance().reporter().identity());
        return caller
                && condition.holds(exchange.view())
                && drawn(fault.share(), exchange.worker().random());
    }

    /** Whether it happens to one request; {@code share} of a thousand. */
    static boolean drawn(int share, RandomGenerator random) {
        return share >= EVERY || random.nextInt(EVERY) < share;
    }
}
