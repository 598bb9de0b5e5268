package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/** Drops the headers by which only a proxy of this mesh may speak. */
final class StripClaims implements Station {

    private static final HeaderName CLIENT_ID = HeaderName.of("l5d-client-id");
    private static final HeaderName CLIENT_CERTIFICATE = HeaderName.of("x-forwarded-client-cert");

    @Override
    public boolean pass(Exchange exchange) {
        Fields fields = exchange.head().fields();
        fields.drop(CLIENT_ID);
        fields.drop(CLIENT_CERTIFICATE);
        fields.dropStartingWith("weft-");
        return true;
    }
}
