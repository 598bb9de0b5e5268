package dev.weft.http.h2;

import java.time.Duration;

/**
 * What one side of an HTTP/2 connection allows its peer, and how it speaks.
 *
 * @param scheme what a client's requests say, {@code http} or {@code https}
 * @param streamsMax streams of the peer that are open at a time
 * @param streamWindowBytes how much of a body may be under way on one stream; 1 to 2^31-1
 * @param connectionWindowBytes the same for all streams together; 65,535 to 2^31-1
 * @param headBytesMax the sum of names, values and 32 for each field (RFC 9113 section 6.5.2); also the encoded size
 * @param fieldsMax number of fields in a head
 * @param frameBytesMax of one frame that the peer sends; 16 KiB to 16 MiB - 1 (RFC 9113 section 4.2)
 * @param headerTableBytes HPACK's dynamic table, each way; 0 to 64 KiB
 * @param queuedBytesMax of one stream that wait for the peer's window; from there on it is not writable
 * @param connectionQueuedBytesMax the same for all streams together
 * @param extendedConnect whether a server lets clients upgrade a stream (RFC 8441)
 * @param settingsTimeout in which the peer must acknowledge the settings
 * @param pingTimeout in which the peer must answer {@link Session#ping}
 */
public record SessionOptions(
        String scheme,
        int streamsMax,
        int streamWindowBytes,
        int connectionWindowBytes,
        int headBytesMax,
        int fieldsMax,
        int frameBytesMax,
        int headerTableBytes,
        int queuedBytesMax,
        int connectionQueuedBytesMax,
        boolean extendedConnect,
        Duration settingsTimeout,
        Duration pingTimeout,
        FloodLimits floods) {

    static final int HEADER_TABLE_BYTES_MAX = 64 * 1024;
    static final int WINDOW_BYTES_FIRST = 65_535;

    public static final SessionOptions DEFAULT = new SessionOptions(
            "https",
            100,
            64 * 1024,
            1024 * 1024,
            60 * 1024,
            100,
            Frames.FRAME_BYTES_FIRST,
            4 * 1024,
            32 * 1024,
            256 * 1024,
            true,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            FloodLimits.DEFAULT);

    public SessionOptions {
        require(streamsMax > 0, "streamsMax", streamsMax, "1 or more");
        require(streamWindowBytes > 0, "streamWindowBytes", streamWindowBytes, "1 or more");
        require(
                connectionWindowBytes >= WINDOW_BYTES_FIRST,
                "connectionWindowBytes",
                connectionWindowBytes,
                "65535 or more");
        require(
                frameBytesMax >= Frames.FRAME_BYTES_FIRST && frameBytesMax <= Frames.FRAME_BYTES_MOST,
                "frameBytesMax",
                frameBytesMax,
                "16384 to 16777215");
        require(headBytesMax > 0, "headBytesMax", headBytesMax, "1 or more");
        require(
                headerTableBytes >= 0 && headerTableBytes <= HEADER_TABLE_BYTES_MAX,
                "headerTableBytes",
                headerTableBytes,
                "0 to 65536");
    }

    private static void require(boolean sound, String name, int value, String expected) {
        if (!sound) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** The same with another scheme. */
    public SessionOptions scheme(String name) {
        return new SessionOptions(
                name,
                streamsMax,
                streamWindowBytes,
                connectionWindowBytes,
                headBytesMax,
                fieldsMax,
                frameBytesMax,
                headerTableBytes,
                queuedBytesMax,
                connectionQueuedBytesMax,
                extendedConnect,
                settingsTimeout,
                pingTimeout,
                floods);
    }

    /** The same with another number of streams. */
    public SessionOptions streamsMax(int count) {
        return new SessionOptions(
                scheme,
                count,
                streamWindowBytes,
                connectionWindowBytes,
                headBytesMax,
                fieldsMax,
                frameBytesMax,
                headerTableBytes,
                queuedBytesMax,
                connectionQueuedBytesMax,
                extendedConnect,
                settingsTimeout,
                pingTimeout,
                floods);
    }

    /** The same with other windows. */
    public SessionOptions windows(int streamBytes, int connectionBytes) {
        return new SessionOptions(
                scheme,
                streamsMax,
                streamBytes,
                connectionBytes,
                headBytesMax,
                fieldsMax,
                frameBytesMax,
                headerTableBytes,
                queuedBytesMax,
                connectionQueuedBytesMax,
                extendedConnect,
                settingsTimeout,
                pingTimeout,
                floods);
    }

    /** The same with other limits of heads. */
    public SessionOptions heads(int bytesMax, int countMax) {
        return new SessionOptions(
                scheme,
                streamsMax,
                streamWindowBytes,
                connectionWindowBytes,
                bytesMax,
                countMax,
                frameBytesMax,
                headerTableBytes,
                queuedBytesMax,
                connectionQueuedBytesMax,
                extendedConnect,
                settingsTimeout,
                pingTimeout,
                floods);
    }
}
