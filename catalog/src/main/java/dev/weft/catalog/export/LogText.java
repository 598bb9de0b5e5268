package dev.weft.catalog.export;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import java.util.List;

/** Pieces that more than one format writes. */
final class LogText {

    private static final String HEX = "0123456789abcdef";

    private LogText() {}

    /** A value between quotes that a client chose: nothing in it ends the quotes or the line. */
    static void escape(StringBuilder line, String value) {
        if (value.isEmpty()) {
            line.append('-');
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7f) {
                line.append("\\x").append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            } else {
                line.append(c);
            }
        }
    }

    static String header(Outcome outcome, String name) {
        return outcome.details().headers().getOrDefault(name, "");
    }

    /** A link without its query, which may hold secrets. */
    static String withoutQuery(String link) {
        int query = link.indexOf('?');
        return query < 0 ? link : link.substring(0, query);
    }

    /** Without the port. */
    static String clientAddress(Peer client) {
        String address = client.address();
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    /** What a connection's end is as a status: as nginx has it for its streams, 200 when all was said. */
    static int status(ConnectionOutcome outcome) {
        return outcome.error().map(ErrorCode::status).orElse(200);
    }

    /** The endpoint that was tried last; empty for none. */
    static String upstream(List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return "";
        }
        var endpoint = attempts.getLast().endpoint();
        return endpoint.address() + ":" + endpoint.port();
    }
}
