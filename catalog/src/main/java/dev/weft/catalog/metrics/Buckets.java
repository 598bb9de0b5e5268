package dev.weft.catalog.metrics;

import java.util.Arrays;

/** How many values lay at or below each bound and above the one before; the last is what lay above all. Immutable. */
public final class Buckets {

    private final long[] counts;

    /** @param counts one more than there are bounds; not changed afterwards */
    Buckets(long[] counts) {
        this.counts = counts;
    }

    public long total() {
        return Arrays.stream(counts).sum();
    }

    /** How many lay between this bound and the one before. */
    public long at(int bound) {
        return counts[bound];
    }

    /** How many were at most the bound with this index. */
    public long upTo(int bound) {
        return Arrays.stream(counts, 0, bound + 1).sum();
    }

    Buckets combine(Buckets other, int sign) {
        long[] both = counts.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] += sign * other.counts[i];
        }
        return new Buckets(both);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Buckets buckets && Arrays.equals(counts, buckets.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return Arrays.toString(counts);
    }
}
