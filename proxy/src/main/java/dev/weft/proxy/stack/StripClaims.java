package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.message.Claims;

/**
 * Drops the headers by which only a proxy of this mesh may speak ({@link Claims}), but for what the edge says of the
 * certificate that it verified. Trailers lose them where their body is passed on.
 */
final class StripClaims implements Station {

    private static final HeaderName[] IDENTITIES =
            Claims.IDENTITIES.stream().map(HeaderName::of).toArray(HeaderName[]::new);
    private static final String[] PREFIXES = Claims.PREFIXES.toArray(String[]::new);

    private final boolean outside;

    /** @param outside whether requests come from where no proxy of any mesh has to be heard */
    StripClaims(boolean outside) {
        this.outside = outside;
    }

    @Override
    public boolean pass(Exchange exchange) {
        Fields fields = exchange.head().fields();
        boolean edge = exchange.caller().isEdge();
        for (int i = 0; i < IDENTITIES.length; i++) {
            if (!edge || i != Claims.CERTIFICATE) {
                fields.dropLike(IDENTITIES[i]);
            }
        }
        for (String prefix : PREFIXES) {
            fields.dropStartingWith(prefix);
        }
        if (outside) {
            fields.dropStartingWith("x-envoy-");
        }
        return true;
    }
}
