package dev.weft.proxy.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Finds how many requests a service takes at once without making them wait, by comparing how long answers take now with
 * how long they take when it is hardly used (the gradient algorithm of Netflix's concurrency-limits and Envoy's adaptive
 * concurrency filter). What is above it is refused at once, so that the service does what it can, and nobody waits for
 * what will come too late.
 *
 * <p>After each window of 100 ms: {@code limit = limit x best / mean + sqrt(limit)}, where {@code best} is the mean of a
 * calm window and a quarter more, and the ratio stays between a half and 1. Every 10 s the limit is halved for two
 * windows, of which the second measures the calm mean anew, so that it follows a service that grew slower or faster by
 * itself.
 *
 * <p>Shared by all loops. Each loop adds samples in cells that it alone writes. Who finds a window over takes the word
 * {@code turn}; only its holder reads and writes what a window leaves behind, and giving it back publishes that.
 */
final class AdaptiveLimit {

    static final int START = 20;
    private static final int LEAST = 4;
    private static final int MOST = 100_000;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CALM_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int SAMPLES_MIN = 10;
    private static final double TOLERANCE = 1.25;

    /** Cells of one loop, wide enough that two loops never share a cache line: the sum, the count, the most at once. */
    private static final int STRIDE = 16;

    private enum Phase {
        USUAL,
        /** The limit has been lowered; what was sent before still comes back. */
        CALMING,
        CALM
    }

    private final AtomicLongArray cells;
    private final AtomicInteger limit = new AtomicInteger(START);
    private final AtomicLong turn;
    private volatile boolean refused;

    // Owned by the holder of the turn.
    private long sumSeen;
    private long countSeen;
    private double calmMean;
    private Phase phase = Phase.CALM;
    private long nextCalmNanos;
    private long calmEvery = TimeUnit.SECONDS.toNanos(1);
    private int usualLimit = START;

    /** @param nowNanos on any clock that the samples' times are on as well */
    AdaptiveLimit(int loops, long nowNanos) {
        this.cells = new AtomicLongArray(loops * STRIDE);
        this.turn = new AtomicLong(nowNanos + WINDOW_NANOS);
    }

    int limit() {
        return limit.get();
    }

    /** A request was turned away: the limit is in use whatever the samples say. */
    void refused() {
        if (!refused) {
            refused = true;
        }
    }

    /** Call it on the loop of that number. */
    void sample(int loop, long tookNanos, int atOnce, long nowNanos) {
        int cell = loop * STRIDE;
        cells.setOpaque(cell, cells.getPlain(cell) + tookNanos);
        cells.setOpaque(cell + 2, Math.max(cells.getPlain(cell + 2), atOnce));
        cells.setRelease(cell + 1, cells.getPlain(cell + 1) + 1);
        long end = turn.get();
        if (end != Long.MAX_VALUE && nowNanos - end >= 0 && turn.compareAndSet(end, Long.MAX_VALUE)) {
            turn.set(evaluate(nowNanos) ? nowNanos + WINDOW_NANOS : end);
        }
    }

    /** False when there are too few samples to say anything yet. */
    private boolean evaluate(long nowNanos) {
        long sum = 0;
        long count = 0;
        long atOnce = 0;
        for (int i = 0; i < cells.length(); i += STRIDE) {
            count += cells.getAcquire(i + 1);
            sum += cells.getOpaque(i);
            atOnce = Math.max(atOnce, cells.getOpaque(i + 2));
        }
        long samples = count - countSeen;
        if (samples < SAMPLES_MIN) {
            return false;
        }
        double mean = (double) (sum - sumSeen) / samples;
        sumSeen = sum;
        countSeen = count;
        boolean used = refused || atOnce * 2 >= limit.get();
        refused = false;
        for (int i = 0; i < cells.length(); i += STRIDE) {
            cells.setOpaque(i + 2, 0); // at worst a loop's newest maximum is lost
        }
        switch (phase) {
            case CALMING -> phase = Phase.CALM;
            case CALM -> {
                calmMean = mean;
                phase = Phase.USUAL;
                nextCalmNanos = nowNanos + calmEvery;
                calmEvery = Math.min(2 * calmEvery, CALM_EVERY_NANOS); // the first measurements are the poorest
                limit.set(usualLimit);
            }
            case USUAL -> adjust(mean, used, nowNanos);
        }
        return true;
    }

    private void adjust(double mean, boolean used, long nowNanos) {
        int now = limit.get();
        if (nowNanos - nextCalmNanos >= 0) {
            usualLimit = now;
            phase = Phase.CALMING;
            limit.set(Math.max(LEAST, now / 2));
            return;
        }
        calmMean = Math.min(calmMean, mean);
        double gradient = Math.clamp(calmMean * TOLERANCE / Math.max(1, mean), 0.5, 1);
        double next = now * gradient + (used ? Math.sqrt(now) : 0);
        limit.set((int) Math.clamp(next, LEAST, MOST));
    }
}
