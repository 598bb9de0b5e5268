package dev.weft.proxy.stack;

import dev.weft.http.h1.Target;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/**
 * Refuses tunnels. An offer to upgrade is not refused but ignored, as RFC 9110 section 7.8 allows: the JDK's client makes
 * one with every first request.
 */
final class RefuseUnspoken implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        return exchange.head().target().form() != Target.Form.AUTHORITY
                || exchange.refuse(ErrorCode.PROTOCOL_UNSUPPORTED, "CONNECT asks for a tunnel.");
    }
}
