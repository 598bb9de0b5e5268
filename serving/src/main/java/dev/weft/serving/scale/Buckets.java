package dev.weft.serving.scale;

import dev.weft.serving.scale.ScalingPolicy.Aggregation;

/**
 * One value a second over a window of seconds, averaged as Knative's ring buffers do: a window that has just begun
 * counts only the seconds since its first value, later gaps count as zero. Owned by one thread.
 */
final class Buckets {

    private static final double PRECISION = 1e6;
    private static final double SMOOTHING_MIN = 0.2;
    private static final double SMOOTHING_REST = 1e-4;

    private final double[] values;
    private boolean empty = true;
    private long first;
    private long last;

    Buckets(int seconds) {
        values = new double[seconds];
    }

    /** Makes the second's value at least {@code value}; seconds only go forward. */
    void raise(long second, double value) {
        if (empty || second - last >= values.length) {
            java.util.Arrays.fill(values, 0);
            empty = false;
            first = second;
            last = second;
        }
        for (; last < second; last++) {
            values[index(last + 1)] = 0;
        }
        values[index(second)] = Math.max(values[index(second)], value);
    }

    boolean empty() {
        return empty;
    }

    /** The average of the newest {@code seconds} seconds, at most the whole window. */
    double average(long now, int seconds, Aggregation aggregation) {
        long silent = Math.max(0, now - last);
        if (empty || silent >= seconds) {
            return 0;
        }
        return switch (aggregation) {
            case LINEAR -> linear(silent, seconds);
            case WEIGHTED_EXPONENTIAL -> weighted(silent, seconds);
        };
    }

    private double linear(long silent, int seconds) {
        double sum = 0;
        for (long second = last; second > last - (seconds - silent) && second >= first; second--) {
            sum += values[index(second)];
        }
        double counted = Math.min(last - first + 1, seconds - silent);
        return Math.rint(sum / counted * PRECISION) / PRECISION;
    }

    private double weighted(long silent, int seconds) {
        double smoothing = smoothing(seconds);
        double weight = smoothing * Math.pow(1 - smoothing, (double) silent);
        double sum = 0;
        for (long second = last; second > last - (seconds - silent) && second >= first; second--) {
            sum += values[index(second)] * weight;
            weight *= 1 - smoothing;
        }
        return sum;
    }

    /** How much the newest of {@code seconds} values counts. */
    static double smoothing(int seconds) {
        return Math.max(SMOOTHING_MIN, 1 - Math.pow(SMOOTHING_REST, 1.0 / seconds));
    }

    private int index(long second) {
        return Math.floorMod(second, values.length);
    }
}
