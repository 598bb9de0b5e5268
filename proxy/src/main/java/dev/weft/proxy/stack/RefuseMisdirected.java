package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.route.HostPolicies;
import java.util.Map;

/**
 * Keeps a connection to the hosts that ask of its handshake what the one asked that it was made for. Where no host asks
 * for anything, one comparison.
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
