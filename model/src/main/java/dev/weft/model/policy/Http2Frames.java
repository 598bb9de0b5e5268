package dev.weft.model.policy;

/**
 * What frames of one connection in HTTP/2 a client may send that lead to nothing; more end it (ENHANCE_YOUR_CALM).
 *
 * @param bytesMax of one frame; {@link #BYTES_LEAST} to {@link #BYTES_MOST}
 * @param continuationsMax CONTINUATION frames of one head (CVE-2024-27316)
 * @param emptyInRowMax frames without payload and without an end, one after the other
 * @param prioritiesPerStreamMax PRIORITY and PRIORITY_UPDATE frames for each request
 * @param windowUpdatesPerDataMax WINDOW_UPDATE frames for each DATA frame sent to it
 * @param answersQueuedMax answers to PING and SETTINGS, and resets, that it does not read
 * @param queuedMax frames of any kind that it does not read
 * @param controlPerSecondMax PING, SETTINGS, PRIORITY and RST_STREAM frames, and those of unknown type
 */
public record Http2Frames(
        int bytesMax,
        int continuationsMax,
        int emptyInRowMax,
        int prioritiesPerStreamMax,
        int windowUpdatesPerDataMax,
        int answersQueuedMax,
        int queuedMax,
        int controlPerSecondMax) {

    /** Every connection may send frames of this size (RFC 9113 section 4.2). */
    public static final int BYTES_LEAST = 16 * 1024;

    public static final int BYTES_MOST = 1024 * 1024;
    public static final int COUNT_MOST = 1_000_000;

    /** Envoy's numbers, but for CONTINUATION. */
    public static final Http2Frames DEFAULT = new Http2Frames(BYTES_LEAST, 8, 1, 100, 10, 1_000, 10_000, 10_000);

    public Http2Frames {
        check("bytesMax", bytesMax, BYTES_LEAST, BYTES_MOST);
        check("continuationsMax", continuationsMax, 0, COUNT_MOST);
        check("emptyInRowMax", emptyInRowMax, 0, COUNT_MOST);
        check("prioritiesPerStreamMax", prioritiesPerStreamMax, 1, COUNT_MOST);
        check("windowUpdatesPerDataMax", windowUpdatesPerDataMax, 1, COUNT_MOST);
        check("answersQueuedMax", answersQueuedMax, 1, COUNT_MOST);
        check("queuedMax", queuedMax, 1, COUNT_MOST);
        check("controlPerSecondMax", controlPerSecondMax, 1, COUNT_MOST);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
