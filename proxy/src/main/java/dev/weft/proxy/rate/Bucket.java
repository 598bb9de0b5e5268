package dev.weft.proxy.rate;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One limit's state, by the generic cell rate algorithm (ITU-T I.371, Annex A): the time at which the bucket will be full
 * again, as nanoseconds since the limiter began, in one compare-and-set word. Any thread.
 */
final class Bucket {

    /** What {@link #take} returns when the request may pass. */
    static final long TAKEN = 0;

    /** What {@link #take} returns for a bucket that was forgotten: another has taken its place. */
    static final long FORGOTTEN = -1;

    private static final long GONE = Long.MIN_VALUE;

    private final Rate rate;
    private final AtomicLong fullAt = new AtomicLong();

    Bucket(Rate rate) {
        this.rate = rate;
    }

    /** Takes one request's worth: {@link #TAKEN}, {@link #FORGOTTEN}, or for how many nanoseconds there will be none. */
    long take(long now) {
        while (true) {
            long before = fullAt.get();
            if (before == GONE) {
                return FORGOTTEN;
            }
            long after = Math.max(before, now) + rate.intervalNanos();
            long wait = after - now - rate.toleranceNanos();
            if (wait > 0) {
                return wait;
            }
            if (fullAt.compareAndSet(before, after)) {
                return TAKEN;
            }
        }
    }

    /** Gives back what was taken for a request that another limit refused. */
    void giveBack() {
        while (true) {
            long before = fullAt.get();
            if (before == GONE || fullAt.compareAndSet(before, before - rate.intervalNanos())) {
                return;
            }
        }
    }

    /** Ends it if it is full, so that a new one is no different; false when it is in use. */
    boolean forget(long now) {
        long before = fullAt.get();
        return before == GONE || (before <= now && fullAt.compareAndSet(before, GONE));
    }
}
