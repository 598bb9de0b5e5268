package dev.weft.catalog.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one series on one thread. Only ever grows. Owner: that thread, which alone writes; so an addition is a
 * read and a write, without a lock or an atomic instruction. Any thread may read.
 *
 * <p>Order: the latency's bucket is added to last and read first. So what a reading has counted in a bucket, it has
 * everywhere, and while no bucket changes, the last reading still holds.
 */
final class Cell {

    private static final VarHandle AT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(long[][].class);

    private static final int LATENCY_MICROS = 0;
    private static final int DURATION_MICROS = 1;
    private static final int RETRIES = 2;
    private static final int RETRIED = 3;
    private static final int WAITED = 4;
    private static final int WAITED_MICROS = 5;
    private static final int REQUEST_BYTES = 6;
    private static final int RESPONSE_BYTES = 7;

    private final String folded;
    private final Bounds bounds;
    private final Bounds durationBounds;
    private final long[] sums = new long[RESPONSE_BYTES + 1];
    private final long[] buckets;
    private final long[] durations;
    private final long[][] chunks = new long[Scale.CHUNKS][];
    private volatile @Nullable Sums last;

    /**
     * Nothing counted yet.
     *
     * @param folded the label that was folded to get here; empty for a series that stands for itself
     */
    Cell(Bounds bounds, Bounds durationBounds, String folded) {
        this.folded = folded;
        this.bounds = bounds;
        this.durationBounds = durationBounds;
        this.buckets = new long[bounds.size() + 1];
        this.durations = new long[durationBounds.size() + 1];
    }

    String folded() {
        return folded;
    }

    /** Counts one request; the other additions that belong to it come before. */
    void latency(long nanos) {
        long micros = Math.max(0, nanos + 999) / 1000;
        add(sums, LATENCY_MICROS, micros);
        int step = Scale.step(micros);
        add(chunk(step / Scale.STEPS_PER_CHUNK), step % Scale.STEPS_PER_CHUNK, 1);
        add(buckets, bounds.bucket(micros, step), 1);
    }

    /** How long the whole took. */
    void duration(long nanos) {
        long micros = Math.max(0, nanos + 999) / 1000;
        add(sums, DURATION_MICROS, micros);
        add(durations, durationBounds.bucket(micros, Scale.step(micros)), 1);
    }

    void retries(int tries) {
        if (tries > 0) {
            add(sums, RETRIES, tries);
            add(sums, RETRIED, 1);
        }
    }

    void waited(long nanos) {
        if (nanos > 0) {
            add(sums, WAITED, 1);
            add(sums, WAITED_MICROS, nanos / 1000);
        }
    }

    void bytes(long request, long response) {
        add(sums, REQUEST_BYTES, request);
        add(sums, RESPONSE_BYTES, response);
    }

    Sums read() {
        Buckets now = new Buckets(copy(buckets));
        Sums before = last;
        if (before != null && before.buckets().equals(now)) {
            return before;
        }
        long[] read = copy(sums);
        Sums all = new Sums(
                now,
                Histogram.of(readChunks()),
                read[LATENCY_MICROS],
                new Buckets(copy(durations)),
                read[DURATION_MICROS],
                read[RETRIES],
                read[RETRIED],
                read[WAITED],
                read[WAITED_MICROS],
                read[REQUEST_BYTES],
                read[RESPONSE_BYTES]);
        last = all;
        return all;
    }

    private static void add(long[] counters, int index, long more) {
        AT.setRelease(counters, index, counters[index] + more);
    }

    private static long[] copy(long[] counters) {
        long[] copy = new long[counters.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = (long) AT.getAcquire(counters, i);
        }
        return copy;
    }

    /** Chunks come as latencies need them: most series touch four of the 32. */
    private long[] chunk(int index) {
        long[] chunk = chunks[index];
        if (chunk == null) {
            chunk = new long[Scale.STEPS_PER_CHUNK];
            CHUNK.setRelease(chunks, index, chunk);
        }
        return chunk;
    }

    private long[][] readChunks() {
        long[][] read = new long[chunks.length][];
        for (int i = 0; i < read.length; i++) {
            long[] chunk = (long[]) CHUNK.getAcquire(chunks, i);
            read[i] = chunk == null ? new long[0] : copy(chunk);
        }
        return read;
    }
}
