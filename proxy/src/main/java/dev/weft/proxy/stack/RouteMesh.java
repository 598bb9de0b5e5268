package dev.weft.proxy.stack;

import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/** Asks the route table about a workload's call; short names are looked up in the caller's namespace. */
final class RouteMesh implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        String namespace = exchange.entrance().reporter().namespace();
        return Routed.follow(
                exchange.snapshot()
                        .routes()
                        .routeMesh(namespace, exchange.view(), exchange.worker().number()),
                exchange);
    }
}
