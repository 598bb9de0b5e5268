package dev.weft.proxy.stack;

import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/** Asks the route table about a request from outside. */
final class RouteEdge implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        return Routed.follow(
                exchange.snapshot()
                        .routes()
                        .routeEdge(
                                new SchemeView(exchange.view(), exchange.scheme()),
                                exchange.worker().number()),
                exchange);
    }
}
