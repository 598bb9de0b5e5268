package dev.weft.http.h2;

import java.util.concurrent.TimeUnit;

/**
 * Counts what a peer makes this side do for nothing. Each method says whether it was too much, after which the connection
 * ends with ENHANCE_YOUR_CALM.
 */
final class Floods {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int WINDOW_UPDATES_SPARE = 5;

    private final FloodLimits limits;
    private final long resetWithinNanos;
    private long opened;
    private long resetsByServer;
    private int lately;
    private int wasted;
    private int emptyInRow;
    private long priorities;
    private long windowUpdates;
    private long dataSent;
    private int answersQueued;
    private int framesQueued;
    private long secondBegan;
    private int idleInSecond;

    Floods(FloodLimits limits) {
        this.limits = limits;
        this.resetWithinNanos = limits.resetWithin().toNanos();
    }

    /** Whether a flood of resets ends nobody else's streams. */
    boolean shared() {
        return limits.shared();
    }

    void opened() {
        opened++;
        lately++;
        if (lately >= 4 * limits.resetsMax()) {
            lately /= 2;
            wasted /= 2;
        }
    }

    /** The peer reset a stream. */
    boolean reset(Stream stream, long now) {
        return !stream.headSent && now - stream.openedAt < resetWithinNanos && wasted();
    }

    /** A server may reset each stream once, also behind its whole answer (RFC 9113 section 8.1); only what is more is counted. */
    boolean resetByServer(long now) {
        return ++resetsByServer > opened && idle(now);
    }

    /** A stream was opened for nothing: reset at once, or so that this side had to. */
    boolean wasted() {
        wasted++;
        return wasted * 2 >= Math.max(lately, 2 * limits.resetsMax());
    }

    /** A frame with neither payload nor END_STREAM. */
    boolean empty() {
        return ++emptyInRow > limits.emptyFramesInRowMax();
    }

    void notEmpty() {
        emptyInRow = 0;
    }

    boolean priority() {
        return ++priorities > limits.priorityFramesPerStreamMax() * (1 + opened);
    }

    boolean windowUpdate() {
        return ++windowUpdates > WINDOW_UPDATES_SPARE + 2 * (opened + limits.windowUpdatesPerDataMax() * dataSent);
    }

    void dataSent() {
        dataSent++;
    }

    /** A frame that moves nothing on: PING, SETTINGS, and the like. */
    boolean idle(long now) {
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            idleInSecond = 0;
        }
        return ++idleInSecond > limits.idleFramesPerSecondMax();
    }

    /** A frame was written. */
    boolean written(boolean leaves, boolean answer) {
        if (leaves) {
            answersQueued = 0;
            framesQueued = 0;
            return false;
        }
        answersQueued += answer ? 1 : 0;
        return ++framesQueued > limits.framesQueuedMax() || answersQueued > limits.answersQueuedMax();
    }
}
