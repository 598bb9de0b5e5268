package dev.weft.http.h2;

import java.time.Duration;

/**
 * How much work that leads to nothing a peer may cause before the connection ends with ENHANCE_YOUR_CALM, or, where many callers
 * share it and too many streams were reset, is left: what is under way on it comes to its end.
 *
 * @param continuationFramesMax CONTINUATION frames of one header block (CVE-2024-27316)
 * @param emptyFramesInRowMax frames without payload and without END_STREAM, one after the other
 * @param priorityFramesPerStreamMax PRIORITY and PRIORITY_UPDATE frames for each stream opened, and as many beforehand
 * @param windowUpdatesPerDataMax WINDOW_UPDATE frames for each DATA frame sent, doubled, with one in two streams to spare
 * @param answersQueuedMax PING and SETTINGS acknowledgements and RST_STREAM frames while the output is not writable
 * @param framesQueuedMax frames of any kind that are written while the output is not writable
 * @param idleFramesPerSecondMax PING, SETTINGS, PRIORITY and RST_STREAM frames, and those of unknown type
 * @param resetsMax streams that ended before their time before the {@code 2 * resetsMax}th stream; from there on, half of
 *     the streams (CVE-2023-44487, CVE-2025-8671)
 * @param resetWithin a stream that the peer resets later than this, or after the response began, ended in time
 * @param shared whether others than whoever resets streams have theirs on the same connection
 */
public record FloodLimits(
        int continuationFramesMax,
        int emptyFramesInRowMax,
        int priorityFramesPerStreamMax,
        int windowUpdatesPerDataMax,
        int answersQueuedMax,
        int framesQueuedMax,
        int idleFramesPerSecondMax,
        int resetsMax,
        Duration resetWithin,
        boolean shared) {

    public static final FloodLimits DEFAULT =
            new FloodLimits(8, 1, 100, 10, 1_000, 10_000, 10_000, 250, Duration.ofSeconds(1), false);

    /**
     * Of a proxy that has proven who it is, and gives up for many callers: a service that is slower than they are patient is
     * no attack. What is given up sooner than nearly any caller loses patience is one, once it is much and half of all: no more work is wasted by the rest than as many streams as are allowed at once can ask for in that time.
     */
    public static final FloodLimits HOP =
            new FloodLimits(8, 1, 100, 10, 1_000, 10_000, 10_000, 2_500, Duration.ofMillis(25), true);
}
