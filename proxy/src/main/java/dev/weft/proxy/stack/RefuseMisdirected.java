package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.route.HostPolicies;
import java.util.Map;

/**
 * Keeps a connection to the hosts that ask now of its handshake what it was made by. Where no host asks for anything, one
 * comparison.
 */
final class RefuseMisdirected implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        Map<String, HostPolicies> listeners = exchange.snapshot().hostPolicies();
        if (listeners.isEmpty()) {
            return true;
        }
        HostPolicies policies = listeners.get(exchange.entrance().name());
        return policies == null
                || !exchange.entrance().secured()
                || !exchange.caller().misdirected(policies, exchange.view())
                || exchange.refuse(
                        ErrorCode.MISDIRECTED,
                        "Host " + exchange.head().target().host()
                                + " asks for something else in the TLS handshake than this connection showed.");
    }
}
