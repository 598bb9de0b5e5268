package dev.weft.proxy.message;

import dev.weft.http.h1.Limits;
import dev.weft.http.h2.FloodLimits;
import dev.weft.http.h2.SessionOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** How this proxy speaks HTTP/2. */
public final class Http2 {

    private static final int STREAMS_MAX = 100;
    private static final int STREAM_WINDOW_BYTES = 64 * 1024;

    /** As much as all streams together may have under way, so that those which stand still never stop the others. */
    private static final int CONNECTION_WINDOW_BYTES = (STREAMS_MAX + 28) * STREAM_WINDOW_BYTES;

    private static final int FIELDS_MORE = 6; // a head in HTTP/1.1 form has a few more than it has here
    private static final int HEAD_BYTES_MORE = 4 * 1024;
    private static final int HEADER_TABLE_BYTES = 4 * 1024;
    private static final int QUEUED_BYTES_MAX = 64 * 1024;
    private static final int CONNECTION_QUEUED_BYTES_MAX = 1024 * 1024;

    private static final SessionOptions SERVER = options("http", Limits.DEFAULT, true);
    private static final SessionOptions HOP_SERVER = options("http", Limits.HOP, true);
    private static final SessionOptions CLEAR_CLIENT = options("http", Limits.DEFAULT, false);
    private static final SessionOptions SECURED_CLIENT = options("https", Limits.HOP, false);

    private static final byte[] PREFACE_LINE = "PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII);

    private Http2() {}

    /** Whether these bytes begin as a connection in HTTP/2 does (RFC 9113 section 3.4). */
    public static boolean begins(HeadBytes bytes) {
        int length = PREFACE_LINE.length;
        return bytes.length() >= length && Arrays.equals(bytes.array(), 0, length, PREFACE_LINE, 0, length);
    }

    /** For connections of clients; {@code hop} when they are proxies of the mesh. */
    public static SessionOptions server(boolean hop) {
        return hop ? HOP_SERVER : SERVER;
    }

    /** For connections to endpoints. */
    public static SessionOptions client(String scheme) {
        return scheme.equals("https") ? SECURED_CLIENT : CLEAR_CLIENT;
    }

    private static SessionOptions options(String scheme, Limits limits, boolean extendedConnect) {
        return new SessionOptions(
                scheme,
                STREAMS_MAX,
                STREAM_WINDOW_BYTES,
                CONNECTION_WINDOW_BYTES,
                limits.headBytesMax() - HEAD_BYTES_MORE,
                limits.fieldsMax() - FIELDS_MORE,
                HEADER_TABLE_BYTES,
                QUEUED_BYTES_MAX,
                CONNECTION_QUEUED_BYTES_MAX,
                extendedConnect,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                FloodLimits.DEFAULT);
    }
}
