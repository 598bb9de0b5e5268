package dev.weft.proxy.stack;

import dev.weft.model.traffic.RouteFilter;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.route.Routing;
import java.util.Optional;

/** Refuses bodies that are larger than the route takes: by what the head says, else as soon as more has come. */
final class LimitBody implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        Optional<RouteFilter.LimitBody> own = exchange.routed()
                .map(Routing.Forward::route)
                .flatMap(route -> route.actions().body());
        long bytesMax = own.isPresent()
                ? own.get().bytesMax()
                : exchange.snapshot().snapshot().edgeRules().clients().bodyBytesMax();
        return bytesMax == 0 || exchange.limitBody(bytesMax);
    }
}
