package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.limit.Pressure;

/** Takes nothing new while memory is short: one field of the loop. */
final class ShedLoad implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        return exchange.worker().pressure() != Pressure.REQUESTS
                || exchange.refuse(ErrorCode.MEMORY_SHORT, "The edge's memory is nearly all in use.");
    }
}
