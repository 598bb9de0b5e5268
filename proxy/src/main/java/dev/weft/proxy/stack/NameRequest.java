package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/** Passes {@code x-request-id} on, and makes one where there is none that could be shown to people. */
final class NameRequest implements Station {

    private static final HeaderName REQUEST_ID = HeaderName.of("x-request-id");
    private static final int LENGTH_MAX = 128;

    @Override
    public boolean pass(Exchange exchange) {
        Fields fields = exchange.head().fields();
        int index = fields.find(REQUEST_ID);
        if (index >= 0) {
            int length = fields.valueEnd(index) - fields.valueStart(index);
            if (length > 0 && length <= LENGTH_MAX && fields.findFrom(REQUEST_ID, index + 1) < 0) {
                exchange.requestId(fields.value(index));
                return true;
            }
            fields.drop(REQUEST_ID);
        }
        String id = exchange.newRequestId();
        exchange.requestId(id);
        exchange.toServer().add(REQUEST_ID, id);
        return true;
    }
}
