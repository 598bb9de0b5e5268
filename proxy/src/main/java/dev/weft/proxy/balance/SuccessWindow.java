package dev.weft.proxy.balance;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many tries of the last seconds succeeded. Each loop counts in cells that it alone writes; reading another loop's
 * cells may miss its newest tries.
 */
final class SuccessWindow {

    /** Parts of the window: what is forgotten at once is a tenth of it. */
    private static final int PARTS = 10;

    /** Cells of one loop: a power of two above the parts, and wide enough that two loops never share a cache line. */
    private static final int RING = 16;

    private static final int COUNT_BITS = 16;
    private static final int COUNT_MAX = (1 << COUNT_BITS) - 1;

    /** A cell is the number of its part, the tries, and the failed ones. */
    private final AtomicLongArray cells;

    private final long partNanos;

    SuccessWindow(Duration window, int loops) {
        this.partNanos = Math.max(1, window.toNanos() / PARTS);
        this.cells = new AtomicLongArray(loops * RING);
    }

    record Counts(int all, int failed) {
        int good() {
            return all - failed;
        }
    }

    /** Call it on the loop of that number. */
    void add(boolean good, int loop, long nowNanos) {
        long part = part(nowNanos);
        int cell = loop * RING + (int) (part & (RING - 1));
        long value = cells.getPlain(cell);
        long all = partOf(value) == part ? all(value) : 0;
        long failed = partOf(value) == part ? failed(value) : 0;
        if (all < COUNT_MAX) {
            cells.setOpaque(cell, cell(part, all + 1, failed + (good ? 0 : 1)));
        }
    }

    /** @param sinceNanos what was counted in an earlier part of the window is left out */
    Counts counts(long sinceNanos, long nowNanos) {
        long now = part(nowNanos);
        long since = part(sinceNanos);
        int all = 0;
        int failed = 0;
        for (int i = 0; i < cells.length(); i++) {
            long value = cells.getOpaque(i);
            long age = now - partOf(value);
            if (age >= 0 && age < PARTS && partOf(value) - since >= 0) {
                all += all(value);
                failed += failed(value);
            }
        }
        return new Counts(all, failed);
    }

    private long part(long nowNanos) {
        return Math.floorDiv(nowNanos, partNanos) & 0x7fff_ffffL; // the clock's origin is arbitrary
    }

    private static long cell(long part, long all, long failed) {
        return part << (2 * COUNT_BITS) | all << COUNT_BITS | failed;
    }

    private static long partOf(long cell) {
        return cell >>> (2 * COUNT_BITS);
    }

    private static int all(long cell) {
        return (int) (cell >>> COUNT_BITS) & COUNT_MAX;
    }

    private static int failed(long cell) {
        return (int) cell & COUNT_MAX;
    }
}
