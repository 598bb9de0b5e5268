package dev.weft.proxy.retry;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps retries from multiplying a failure: over the last 10 s there are at most 10 a second and a fifth of the requests
 * (as Linkerd's ServiceProfile and Finagle's RetryBudget; theirs is the shape, the numbers are the same).
 *
 * <p>One budget per frontend, shared by all loops. Each loop counts requests in cells that it alone writes, so a request
 * costs no shared write. Withdrawals, which are rare, hold across loops: their history is one immutable value behind one
 * compare-and-set word. Reading another loop's cells while it writes them may miss its newest requests, never invent any.
 */
public final class RetryBudget {

    private static final int WINDOW_SECONDS = 10;
    private static final int RETRIES_PER_SECOND = 10;
    private static final int REQUESTS_PER_RETRY = 5;

    /** Cells of one loop: a ring of seconds, wide enough that two loops never share a cache line. */
    private static final int RING = 16;

    /** A cell is the second it counts, shifted, and the count. */
    private static final int COUNT_BITS = 32;

    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final AtomicLongArray requests;
    private final AtomicReference<Withdrawals> withdrawals = new AtomicReference<>(new Withdrawals(new long[RING]));

    /**
     * A budget with nothing used.
     *
     * @param loops how many event loops will use it; they number themselves from 0
     */
    public RetryBudget(int loops) {
        this.requests = new AtomicLongArray(loops * RING);
    }

    /** Counts a request (not a retry). Call it on the loop of that number. */
    public void deposit(int loop, long nowNanos) {
        long second = second(nowNanos);
        int cell = loop * RING + (int) (second & (RING - 1));
        long value = requests.getPlain(cell);
        requests.setOpaque(cell, counts(value, second) ? value + 1 : (second << COUNT_BITS) + 1);
    }

    /** Takes one retry; false when there is none left. Any loop may call it. */
    public boolean withdraw(long nowNanos) {
        long second = second(nowNanos);
        long allowed = (long) RETRIES_PER_SECOND * WINDOW_SECONDS + requestsInWindow(second) / REQUESTS_PER_RETRY;
        while (true) {
            Withdrawals before = Objects.requireNonNull(withdrawals.get());
            if (before.inWindow(second) >= allowed) {
                return false;
            }
            if (withdrawals.compareAndSet(before, before.plusOne(second))) {
                return true;
            }
        }
    }

    private long requestsInWindow(long now) {
        long sum = 0;
        for (int i = 0; i < requests.length(); i++) {
            sum += inWindow(requests.getOpaque(i), now);
        }
        return sum;
    }

    /** Never negative, so that shifting it is safe: the clock's origin is arbitrary, the window is not. */
    private static long second(long nowNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nowNanos) & (COUNT_MASK >>> 1);
    }

    private static boolean counts(long cell, long second) {
        return cell >>> COUNT_BITS == second;
    }

    private static long inWindow(long cell, long now) {
        long age = now - (cell >>> COUNT_BITS);
        return age >= 0 && age < WINDOW_SECONDS ? cell & COUNT_MASK : 0;
    }

    /** The retries of the last seconds; never written after it was made. */
    private static final class Withdrawals {
        private final long[] ring;

        private Withdrawals(long[] ring) {
            this.ring = ring;
        }

        private long inWindow(long now) {
            long sum = 0;
            for (long cell : ring) {
                sum += RetryBudget.inWindow(cell, now);
            }
            return sum;
        }

        private Withdrawals plusOne(long second) {
            long[] next = ring.clone();
            int cell = (int) (second & (RING - 1));
            next[cell] = counts(next[cell], second) ? next[cell] + 1 : (second << COUNT_BITS) + 1;
            return new Withdrawals(next);
        }
    }
}
