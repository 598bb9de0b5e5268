package dev.weft.catalog.metrics;

/**
 * What one series, or several together, added up to: since the start, or between two moments. Immutable.
 *
 * @param buckets latencies by the bounds that are exported; their total is how many requests there were
 * @param latencyMicros the sum of all latencies
 * @param durations how long whole requests took, by {@link Bounds#DURATION}; of tries, all in one bucket
 * @param durationMicros the sum of all durations
 * @param retries tries beyond the first
 * @param retried how many requests took more than one try
 * @param waited how many were held for capacity
 * @param waitedMicros how long, together
 */
public record Sums(
        Buckets buckets,
        Histogram latency,
        long latencyMicros,
        Buckets durations,
        long durationMicros,
        long retries,
        long retried,
        long waited,
        long waitedMicros,
        long requestBytes,
        long responseBytes) {

    /** How many ended; every other number of a series is read at the same moment. */
    public long count() {
        return buckets.total();
    }

    public Sums plus(Sums other) {
        return combine(other, latency.plus(other.latency), 1);
    }

    /** What was added since {@code earlier}, which is an earlier state of this one. */
    public Sums minus(Sums earlier) {
        return combine(earlier, latency.minus(earlier.latency), -1);
    }

    /** Sums only grow, so equal counts mean that nothing was added. */
    boolean same(Sums earlier) {
        return buckets.equals(earlier.buckets);
    }

    private Sums combine(Sums other, Histogram combined, int sign) {
        return new Sums(
                buckets.combine(other.buckets, sign),
                combined,
                latencyMicros + sign * other.latencyMicros,
                durations.combine(other.durations, sign),
                durationMicros + sign * other.durationMicros,
                retries + sign * other.retries,
                retried + sign * other.retried,
                waited + sign * other.waited,
                waitedMicros + sign * other.waitedMicros,
                requestBytes + sign * other.requestBytes,
                responseBytes + sign * other.responseBytes);
    }
}
