package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.Target;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.access.Demand;
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

    /** Takes down the one claim that is a program's to make: whom it demands at the other end (Linkerd's word for it). */
    static final class ReadDemand implements Station {

        private static final HeaderName REQUIRE_ID = HeaderName.of("l5d-require-id");

        @Override
        public boolean pass(Exchange exchange) {
            Fields fields = exchange.head().fields();
            int at = fields.find(REQUIRE_ID);
            if (at < 0) {
                return true;
            }
            if (exchange.head().target().form() == Target.Form.AUTHORITY || fields.findFrom(REQUIRE_ID, at + 1) >= 0) {
                return exchange.refuse(
                        ErrorCode.IDENTITY_UNMET,
                        "l5d-require-id holds once, and for requests: not for tunnels by CONNECT.");
            }
            if (fields.value(at).isBlank()) {
                return exchange.refuse(
                        ErrorCode.IDENTITY_UNMET, "l5d-require-id names nobody. Name an identity, or leave it out.");
            }
            exchange.incoming().demand(new Demand(fields.value(at)));
            return true;
        }
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
