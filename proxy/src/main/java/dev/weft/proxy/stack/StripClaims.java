package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/**
 * Drops the headers by which only a proxy of this mesh may speak: of whom a caller claims to be, where else a call is to go,
 * and what another proxy may have said. Underscores count as dashes in the first two, as to many programs they are.
 */
final class StripClaims implements Station {

    private static final HeaderName CLIENT_ID = HeaderName.of("l5d-client-id");
    private static final HeaderName CLIENT_CERTIFICATE = HeaderName.of("x-forwarded-client-cert");

    private final boolean outside;

    /** @param outside whether requests come from where no proxy of any mesh has to be heard */
    StripClaims(boolean outside) {
        this.outside = outside;
    }

    @Override
    public boolean pass(Exchange exchange) {
        Fields fields = exchange.head().fields();
        fields.dropLike(CLIENT_ID);
        fields.dropLike(CLIENT_CERTIFICATE);
        fields.dropStartingWith("l5d-");
        fields.dropStartingWith("weft-");
        if (outside) {
            fields.dropStartingWith("x-envoy-");
        }
        return true;
    }
}
