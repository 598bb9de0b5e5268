package dev.weft.catalog.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one series in one stripe. Only ever grows. Owner: nobody; every write is one atomic addition, which
 * costs little because a stripe is nearly always written by one event loop alone.
 *
 * <p>Order: the bucket is added to last and read first. So what a reading has counted in a bucket, it has everywhere, and
 * while no bucket changes, the last reading still holds.
 */
final class Cell {

    private final Bounds bounds;
    private volatile @Nullable Sums last;
    private final AtomicLongArray buckets;
    private final AtomicReferenceArray<AtomicLongArray> chunks = new AtomicReferenceArray<>(Scale.CHUNKS);
    private final AtomicLong latencyMicros = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong waited = new AtomicLong();
    private final AtomicLong waitedMicros = new AtomicLong();
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong responseBytes = new AtomicLong();

    Cell(Bounds bounds) {
        this.bounds = bounds;
        this.buckets = new AtomicLongArray(bounds.size() + 1);
    }

    /** Counts one request; the other additions that belong to it come before. */
    void latency(long nanos) {
        long micros = Math.ceilDiv(Math.max(0, nanos), 1000);
        latencyMicros.getAndAdd(micros);
        int step = Scale.step(micros);
        chunk(step / Scale.STEPS_PER_CHUNK).getAndIncrement(step % Scale.STEPS_PER_CHUNK);
        buckets.getAndIncrement(bounds.bucket(micros));
    }

    void retries(int tries) {
        if (tries > 0) {
            retries.getAndAdd(tries);
        }
    }

    void waited(long nanos) {
        if (nanos > 0) {
            waited.getAndIncrement();
            waitedMicros.getAndAdd(nanos / 1000);
        }
    }

    void bytes(long request, long response) {
        requestBytes.getAndAdd(request);
        responseBytes.getAndAdd(response);
    }

    Sums read() {
        long[] bucketCounts = new long[buckets.length()];
        for (int i = 0; i < bucketCounts.length; i++) {
            bucketCounts[i] = buckets.get(i);
        }
        Buckets now = new Buckets(bucketCounts);
        Sums before = last;
        if (before != null && before.buckets().equals(now)) {
            return before;
        }
        Sums sums = new Sums(
                now,
                Histogram.of(chunks),
                latencyMicros.get(),
                retries.get(),
                waited.get(),
                waitedMicros.get(),
                requestBytes.get(),
                responseBytes.get());
        last = sums;
        return sums;
    }

    /** Chunks come as latencies need them: most series touch four of the 32. */
    private AtomicLongArray chunk(int index) {
        AtomicLongArray chunk = chunks.get(index);
        if (chunk != null) {
            return chunk;
        }
        AtomicLongArray fresh = new AtomicLongArray(Scale.STEPS_PER_CHUNK);
        AtomicLongArray raced = chunks.compareAndExchange(index, null, fresh);
        return raced == null ? fresh : raced;
    }
}
