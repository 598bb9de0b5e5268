package dev.weft.proxy.stack;

import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.route.Signature;

/** Has the answer say what the edge says in all of them. Where that is nothing, one comparison. */
final class SignAnswer implements Station {

    private static final HeaderName FORWARDED_PROTO = HeaderName.of("x-forwarded-proto");

    @Override
    public boolean pass(Exchange exchange) {
        Signature signature = exchange.snapshot().signature();
        if (!signature.isEmpty()) {
            exchange.answerEdits(signature.of(exchange.head().target().host(), byTls(exchange)));
        }
        return true;
    }

    /** As the client asked the outermost of the proxies that are believed. */
    private static boolean byTls(Exchange exchange) {
        String scheme = exchange.trustedHops() == 0
                ? exchange.scheme()
                : exchange.head().fields().value(FORWARDED_PROTO).orElse(exchange.scheme());
        return scheme.equals("https");
    }
}
