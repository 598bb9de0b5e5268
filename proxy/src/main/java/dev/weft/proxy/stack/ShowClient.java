package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/** Tells the services where the client is: its address is appended, the scheme replaced, what else he says of himself is dropped. */
final class ShowClient implements Station {

    private static final HeaderName FORWARDED_FOR = HeaderName.of("x-forwarded-for");
    private static final HeaderName FORWARDED_PROTO = HeaderName.of("x-forwarded-proto");
    private static final HeaderName FORWARDED_HOST = HeaderName.of("x-forwarded-host");
    private static final HeaderName FORWARDED_PORT = HeaderName.of("x-forwarded-port");
    private static final HeaderName FORWARDED = HeaderName.of("forwarded");

    @Override
    public boolean pass(Exchange exchange) {
        Fields fields = exchange.head().fields();
        fields.drop(FORWARDED_PROTO);
        fields.drop(FORWARDED);
        fields.drop(FORWARDED_HOST);
        fields.drop(FORWARDED_PORT);
        if (fields.find(FORWARDED_FOR) < 0) {
            exchange.toServer().add(exchange.forwardedLines());
            return true;
        }
        String before = exchange.view().header(FORWARDED_FOR.toString()).orElse("");
        fields.drop(FORWARDED_FOR);
        exchange.toServer().add(FORWARDED_FOR, before + ", " + exchange.clientAddress());
        exchange.toServer().add(FORWARDED_PROTO, exchange.scheme());
        return true;
    }
}
