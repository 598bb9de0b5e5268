package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.route.HostPolicies;
import java.util.List;

/**
 * Tells the services where the client is, and what certificate was verified: the address of whoever connected is appended,
 * the scheme replaced, what else he says of himself is dropped. Where proxies in front are to be believed, what the
 * outermost of them saw is the client, and the scheme that they say stays; but not for hosts that insist on a handshake,
 * which were not asked for by any.
 */
final class ShowClient implements Station {

    private static final HeaderName FORWARDED_FOR = HeaderName.of("x-forwarded-for");
    private static final HeaderName FORWARDED_PROTO = HeaderName.of("x-forwarded-proto");
    private static final HeaderName FORWARDED_HOST = HeaderName.of("x-forwarded-host");
    private static final HeaderName FORWARDED_PORT = HeaderName.of("x-forwarded-port");
    private static final HeaderName FORWARDED = HeaderName.of("forwarded");

    @Override
    public boolean pass(Exchange exchange) {
        Fields fields = exchange.head().fields();
        int hops = exchange.trustedHops();
        String peer = exchange.clientAddress();
        if (hops > 0) {
            believe(exchange, fields, hops);
        } else {
            fields.drop(FORWARDED);
            fields.drop(FORWARDED_HOST);
            fields.drop(FORWARDED_PORT);
        }
        fields.drop(FORWARDED_PROTO);
        if (hops == 0 && fields.find(FORWARDED_FOR) < 0) {
            exchange.toServer().add(exchange.forwardedLines());
            return true;
        }
        String before = listed(fields);
        fields.drop(FORWARDED_FOR);
        exchange.toServer().add(FORWARDED_FOR, before.isEmpty() ? peer : before + ", " + peer);
        exchange.toServer().add(FORWARDED_PROTO, exchange.scheme());
        exchange.toServer().add(exchange.caller().certificateLine());
        return true;
    }

    /** All lines of the field are one list (RFC 9110 section 5.3). */
    private static String listed(Fields fields) {
        StringBuilder list = new StringBuilder();
        for (int i = fields.find(FORWARDED_FOR); i >= 0; i = fields.findFrom(FORWARDED_FOR, i + 1)) {
            list.append(list.isEmpty() ? "" : ", ").append(fields.value(i));
        }
        return list.toString();
    }

    private static void believe(Exchange exchange, Fields fields, int hops) {
        List<String> addresses = List.of(listed(fields).split(",", -1));
        String told = addresses.size() < hops
                ? ""
                : addresses.get(addresses.size() - hops).strip();
        String scheme = fields.value(FORWARDED_PROTO).orElse("");
        boolean known = scheme.equals("http") || (scheme.equals("https") && !insisted(exchange));
        exchange.believe(told, known ? scheme : "");
    }

    /** Whether the host is for clients with certificates, which nobody has shown over this connection. */
    private static boolean insisted(Exchange exchange) {
        if (exchange.entrance().secured()) {
            return false;
        }
        for (HostPolicies policies : exchange.snapshot().hostPolicies().values()) {
            if (policies.insists(exchange.view())) {
                return true;
            }
        }
        return false;
    }
}
