package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import java.util.Optional;

/** The listener itself says which service is called; the rules of that service port decide, whatever host is named. */
final class RouteOutlet implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        Optional<ServicePort> outlet = exchange.entrance().outlet();
        return outlet.isPresent()
                ? Routed.follow(
                        exchange.snapshot()
                                .routes()
                                .routeService(
                                        outlet.get(),
                                        exchange.view(),
                                        exchange.worker().number()),
                        exchange)
                : exchange.refuse(ErrorCode.INTERNAL, "An outlet leads nowhere.");
    }
}
