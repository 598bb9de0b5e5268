package dev.weft.catalog.metrics;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The upper bounds of exported buckets, in microseconds, inclusive and ascending. */
public final class Bounds {

    /** Linkerd's {@code response_latency_ms}: 1 to 5 ms, then the same digits ten times, up to 50 s. */
    public static final Bounds LATENCY = new Bounds(LongStream.of(
                    1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1_000, 2_000, 3_000, 4_000, 5_000,
                    10_000, 20_000, 30_000, 40_000, 50_000)
            .map(millis -> millis * 1_000));

    /** Linkerd's {@code outbound_http_route_backend_response_duration_seconds}. */
    public static final Bounds BACKEND =
            new Bounds(LongStream.of(25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 10_000_000));

    /** Linkerd's {@code outbound_http_route_request_duration_seconds}. */
    public static final Bounds DURATION = new Bounds(LongStream.of(50_000, 500_000, 1_000_000, 10_000_000));

    /** No bounds: everything falls into one bucket. */
    public static final Bounds NONE = new Bounds(LongStream.empty());

    private final long[] micros;

    /** The bucket in which each step of the {@link Scale} begins. */
    private final byte[] bucketOfStep = new byte[Scale.CHUNKS * Scale.STEPS_PER_CHUNK];

    private Bounds(LongStream micros) {
        this.micros = micros.toArray();
        for (int step = 0; step < bucketOfStep.length; step++) {
            int found = Arrays.binarySearch(this.micros, Scale.low(step));
            bucketOfStep[step] = (byte) (found >= 0 ? found : -found - 1);
        }
    }

    public int size() {
        return micros.length;
    }

    /** An upper bound, by its index. */
    public long micros(int bound) {
        return micros[bound];
    }

    /**
     * The first bound that the value does not exceed; {@link #size()} when it exceeds all.
     *
     * @param step the value's step on the scale, from which the bound is never more than a few away
     */
    int bucket(long value, int step) {
        int bucket = bucketOfStep[step];
        while (bucket < micros.length && value > micros[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** The bound that is exactly this, or -1. */
    public int exactly(long value) {
        int found = Arrays.binarySearch(micros, value);
        return Math.max(found, -1);
    }
}
