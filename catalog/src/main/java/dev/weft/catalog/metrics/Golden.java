package dev.weft.catalog.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * The golden numbers of some traffic in one window, all computed from sums.
 *
 * @param requests how many ended
 * @param failures of those
 * @param seconds the window's length
 * @param waited how many were held for capacity
 */
public record Golden(long requests, long failures, double seconds, Histogram latency, long retries, long waited) {

    public static Golden none(double seconds) {
        return new Golden(0, 0, seconds, Histogram.EMPTY, 0, 0);
    }

    /** Of all series in the window for which {@code wanted} holds. */
    public static Golden of(Window window, Predicate<Traffic> wanted) {
        Golden golden = none(window.seconds());
        for (Map.Entry<Traffic, Sums> entry : window.traffic().entrySet()) {
            if (wanted.test(entry.getKey())) {
                golden = golden.plus(of(entry.getKey().success(), entry.getValue(), window.seconds()));
            }
        }
        return golden;
    }

    /** Of one series. */
    public static Golden of(boolean success, Sums sums, double seconds) {
        long count = sums.count();
        return new Golden(count, success ? 0 : count, seconds, sums.latency(), sums.retries(), sums.waited());
    }

    public Golden plus(Golden other) {
        return new Golden(
                requests + other.requests,
                failures + other.failures,
                seconds,
                latency.plus(other.latency),
                retries + other.retries,
                waited + other.waited);
    }

    /** From 0 to 1; empty without traffic, because nothing is neither good nor bad. */
    public Optional<Double> successRate() {
        return requests == 0 ? Optional.empty() : Optional.of((requests - failures) / (double) requests);
    }

    public double requestsPerSecond() {
        return requests / seconds;
    }

    /** A quantile of the latency, such as 0.99, in milliseconds; empty without traffic. */
    public OptionalDouble latencyMillis(double share) {
        return latency.quantileMillis(share);
    }
}
