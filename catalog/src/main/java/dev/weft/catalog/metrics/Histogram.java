package dev.weft.catalog.metrics;

import java.util.Arrays;
import java.util.OptionalDouble;

/** Latencies as counts per step of the {@link Scale}, immutable; only steps that hold something are kept. */
public final class Histogram {

    public static final Histogram EMPTY = new Histogram(new int[0], new long[0]);

    /** Ascending. */
    private final int[] steps;

    private final long[] counts;

    private Histogram(int[] steps, long[] counts) {
        this.steps = steps;
        this.counts = counts;
    }

    /** Of the counts in chunks of {@link Scale#STEPS_PER_CHUNK}; those that were never needed are empty. */
    static Histogram of(long[][] chunks) {
        int[] steps = new int[Scale.STEPS_PER_CHUNK];
        long[] counts = new long[Scale.STEPS_PER_CHUNK];
        int length = 0;
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            for (int i = 0; i < chunks[chunk].length; i++) {
                long count = chunks[chunk][i];
                if (count > 0) {
                    if (length == steps.length) {
                        steps = Arrays.copyOf(steps, 2 * length);
                        counts = Arrays.copyOf(counts, 2 * length);
                    }
                    steps[length] = chunk * Scale.STEPS_PER_CHUNK + i;
                    counts[length++] = count;
                }
            }
        }
        return length == 0 ? EMPTY : new Histogram(Arrays.copyOf(steps, length), Arrays.copyOf(counts, length));
    }

    public long count() {
        return Arrays.stream(counts).sum();
    }

    public Histogram plus(Histogram other) {
        return combine(other, 1);
    }

    /** What was added since {@code earlier}, which is an earlier state of this one. */
    public Histogram minus(Histogram earlier) {
        return combine(earlier, -1);
    }

    /**
     * The value below which this share of all values lies, as the nearest rank.
     *
     * @param share above 0, at most 1; for example 0.99
     * @return milliseconds; empty when nothing was counted
     */
    public OptionalDouble quantileMillis(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count() - 1e-9));
        long seen = 0;
        for (int i = 0; i < steps.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return OptionalDouble.of(Scale.micros(steps[i]) / 1000);
            }
        }
        return OptionalDouble.empty();
    }

    private Histogram combine(Histogram other, int sign) {
        if (other.steps.length == 0) {
            return this;
        }
        int[] mergedSteps = new int[steps.length + other.steps.length];
        long[] mergedCounts = new long[mergedSteps.length];
        int length = 0;
        int mine = 0;
        int theirs = 0;
        while (mine < steps.length || theirs < other.steps.length) {
            int left = mine < steps.length ? steps[mine] : Integer.MAX_VALUE;
            int right = theirs < other.steps.length ? other.steps[theirs] : Integer.MAX_VALUE;
            int step = Math.min(left, right);
            long count = (left == step ? counts[mine++] : 0) + sign * (right == step ? other.counts[theirs++] : 0);
            if (count > 0) {
                mergedSteps[length] = step;
                mergedCounts[length++] = count;
            }
        }
        return new Histogram(Arrays.copyOf(mergedSteps, length), Arrays.copyOf(mergedCounts, length));
    }
}
