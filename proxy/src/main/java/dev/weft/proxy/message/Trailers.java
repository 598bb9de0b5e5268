package dev.weft.proxy.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** The lines after a body. */
public final class Trailers {

    /** About framing, routing, where a call came from or the connection: they mean nothing after the head (RFC 9110 section 6.5.1). */
    private static final Set<String> FORBIDDEN = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "forwarded",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto");

    private Trailers() {}

    /** Those lines that may stand there. */
    public static byte[] sound(byte[] lines, int from, int to) {
        ByteArrayOutputStream sound = new ByteArrayOutputStream(to - from);
        for (int at = from; at < to; ) {
            int colon = at;
            while (colon < to && lines[colon] != ':') {
                colon++;
            }
            int next = colon;
            while (next < to && lines[next] != '\n') {
                next++;
            }
            next = Math.min(next + 1, to);
            String name = new String(lines, at, colon - at, StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
            if (!FORBIDDEN.contains(name) && !Claims.contain(name)) {
                sound.write(lines, at, next - at);
            }
            at = next;
        }
        return sound.toByteArray();
    }
}
