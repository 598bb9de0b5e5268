package dev.weft.proxy.message;

import dev.weft.http.h1.Limits;
import dev.weft.http.h2.FloodLimits;
import dev.weft.http.h2.SessionOptions;
import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.Http2Frames;
import dev.weft.model.policy.Http2Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** How this proxy speaks HTTP/2. */
public final class Http2 {

    /** For the peer's answer to settings and to a ping. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int STREAMS_MAX = 100;
    private static final int STREAM_WINDOW_BYTES = 64 * 1024;

    /** As much as all streams together may have under way: one that stands still never stops those of others. */
    private static final int SHARED_WINDOW_BYTES = (STREAMS_MAX + 28) * STREAM_WINDOW_BYTES;

    private static final int FIELDS_MORE = 6; // a head in HTTP/1.1 form has a few more than it has here
    private static final int HEAD_BYTES_MORE = 4 * 1024;
    private static final int BYTES_MORE_OF_A_FIELD = 28; // it counts for 32 beside its text here, and for 4 in HTTP/1.1
    private static final int HEADER_TABLE_BYTES = 4 * 1024;
    private static final int QUEUED_BYTES_MAX = 64 * 1024;
    private static final int CONNECTION_QUEUED_BYTES_MAX = 1024 * 1024;

    private static final byte[] PREFACE_LINE = "PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII);

    private Http2() {}

    /** Whether these bytes begin as a connection in HTTP/2 does (RFC 9113 section 3.4). */
    public static boolean begins(HeadBytes bytes) {
        int length = PREFACE_LINE.length;
        return bytes.length() >= length && Arrays.equals(bytes.array(), 0, length, PREFACE_LINE, 0, length);
    }

    /**
     * For connections of clients, who are proxies of the mesh where they come in.
     *
     * @param outside what clients from outside may do
     * @param queuedBytesMax of each of their answers
     */
    public static SessionOptions server(Hop hop, Http2Limits outside, int queuedBytesMax, HeadBounds heads) {
        Limits limits = heads.ofRequests(hop);
        return switch (hop) {
            case EDGE -> edge(outside, queuedBytesMax);
            case OUTBOUND -> options("http", SHARED_WINDOW_BYTES, limits, true);
            case INBOUND -> options("http", SHARED_WINDOW_BYTES, limits, true, FloodLimits.HOP);
        };
    }

    /**
     * For connections to endpoints.
     *
     * @param heads of answers
     */
    public static SessionOptions client(String scheme, Limits heads) {
        return options(scheme, SHARED_WINDOW_BYTES, heads, false);
    }

    /** Each has a window of his own, so that he stops nobody else when his streams stand still. */
    private static SessionOptions edge(Http2Limits limits, int queuedBytesMax) {
        Http2Frames frames = limits.frames();
        return new SessionOptions(
                "http",
                limits.streamsMax(),
                limits.streamWindowBytes(),
                limits.connectionWindowBytes(),
                Limits.DEFAULT.headBytesMax() - HEAD_BYTES_MORE,
                Limits.DEFAULT.fieldsMax() - FIELDS_MORE,
                frames.bytesMax(),
                limits.headerTableBytes(),
                queuedBytesMax,
                CONNECTION_QUEUED_BYTES_MAX,
                true,
                PATIENCE,
                PATIENCE,
                new FloodLimits(
                        frames.continuationsMax(),
                        frames.emptyInRowMax(),
                        frames.prioritiesPerStreamMax(),
                        frames.windowUpdatesPerDataMax(),
                        frames.answersQueuedMax(),
                        frames.queuedMax(),
                        frames.controlPerSecondMax(),
                        limits.resetsMax(),
                        limits.resetWithin(),
                        false));
    }

    private static SessionOptions options(String scheme, int windowBytes, Limits limits, boolean extendedConnect) {
        return options(scheme, windowBytes, limits, extendedConnect, FloodLimits.DEFAULT);
    }

    private static SessionOptions options(
            String scheme, int windowBytes, Limits limits, boolean extendedConnect, FloodLimits floods) {
        return new SessionOptions(
                scheme,
                STREAMS_MAX,
                STREAM_WINDOW_BYTES,
                windowBytes,
                limits.headBytesMax() - HEAD_BYTES_MORE + limits.fieldsMax() * BYTES_MORE_OF_A_FIELD,
                limits.fieldsMax() - FIELDS_MORE,
                SessionOptions.DEFAULT.frameBytesMax(),
                HEADER_TABLE_BYTES,
                QUEUED_BYTES_MAX,
                CONNECTION_QUEUED_BYTES_MAX,
                extendedConnect,
                PATIENCE,
                PATIENCE,
                floods);
    }
}
