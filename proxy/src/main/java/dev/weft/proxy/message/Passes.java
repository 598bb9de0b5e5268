package dev.weft.proxy.message;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.HeaderName;

/**
 * How often a request has come through an edge of Weft, this one or another: each leaves its name in {@code CDN-Loop} (RFC
 * 8586), which it takes from nobody, unless a Mapping removes the field. A service that calls an edge for its own purposes begins
 * anew, unless it passes that on.
 */
public final class Passes {

    /** Round for the last time: a chain of gateways is shorter. */
    public static final int MAX = 10;

    private static final String NAME = "weft";
    private static final HeaderName CDN_LOOP = HeaderName.of("cdn-loop");
    private static final byte[] LINE = HeadWriter.line("cdn-loop", NAME);

    private Passes() {}

    /** Before this one. */
    public static int before(Fields fields) {
        int count = 0;
        for (int i = fields.find(CDN_LOOP); i >= 0; i = fields.findFrom(CDN_LOOP, i + 1)) {
            for (String each : fields.value(i).split(",", -1)) {
                String name = each.substring(0, each.indexOf(';') < 0 ? each.length() : each.indexOf(';'));
                count += name.strip().equals(NAME) ? 1 : 0;
            }
        }
        return count;
    }

    /** Counts this one. */
    public static void add(HeadWriter next) {
        next.add(LINE);
    }
}
