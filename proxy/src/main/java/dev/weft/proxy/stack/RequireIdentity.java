package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.Target;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Demand;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/** Takes down whom the caller demands at the other end (Linkerd's {@code l5d-require-id}); its endpoint is held to that. */
final class RequireIdentity implements Station {

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
        exchange.incoming().demand(new Demand(fields.value(at)));
        return true;
    }
}
