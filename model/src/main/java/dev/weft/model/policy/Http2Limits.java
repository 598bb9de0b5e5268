package dev.weft.model.policy;

import java.time.Duration;

/**
 * What one client's connection in HTTP/2 may have under way at the edge.
 *
 * @param streamsMax requests at a time; a client is told, and those over it are refused unprocessed; 1 to {@link
 *     #STREAMS_MOST}
 * @param streamWindowBytes of one request's body that is sent before it is taken; {@link #WINDOW_LEAST} to {@link
 *     #WINDOW_MOST}
 * @param connectionWindowBytes the same of all requests together; likewise
 * @param headerTableBytes what HPACK may remember, each way; 0 to {@link #HEADER_TABLE_MOST}
 * @param resetsMax requests that are given up before their time, by the client or for a fault of its own, among the first
 *     twice as many; from there on, half of them; more end the connection (CVE-2023-44487, CVE-2025-8671)
 * @param resetWithin a request that is given up later than this, or after its answer began, does not count
 * @param frames that it may send
 */
public record Http2Limits(
        int streamsMax,
        int streamWindowBytes,
        int connectionWindowBytes,
        int headerTableBytes,
        int resetsMax,
        Duration resetWithin,
        Http2Frames frames) {

    public static final int STREAMS_MOST = 10_000;
    public static final int WINDOW_LEAST = 65_535;
    public static final int WINDOW_MOST = 64 * 1024 * 1024;
    public static final int HEADER_TABLE_MOST = 64 * 1024;
    public static final int RESETS_MOST = 1_000_000;

    /** Envoy's numbers for edges. */
    public static final Http2Limits DEFAULT =
            new Http2Limits(100, 64 * 1024, 1024 * 1024, 4 * 1024, 250, Duration.ofSeconds(1), Http2Frames.DEFAULT);

    public Http2Limits {
        check("streamsMax", streamsMax, 1, STREAMS_MOST);
        check("streamWindowBytes", streamWindowBytes, WINDOW_LEAST, WINDOW_MOST);
        check("connectionWindowBytes", connectionWindowBytes, WINDOW_LEAST, WINDOW_MOST);
        check("headerTableBytes", headerTableBytes, 0, HEADER_TABLE_MOST);
        check("resetsMax", resetsMax, 1, RESETS_MOST);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    /** The same with another number of requests. */
    public Http2Limits withStreamsMax(int count) {
        return new Http2Limits(
                count, streamWindowBytes, connectionWindowBytes, headerTableBytes, resetsMax, resetWithin, frames);
    }
}
