package dev.weft.proxy.retry;

import dev.weft.model.policy.RetryPolicy.Budget;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps retries from multiplying a failure: a share of the requests of the last 10 s, and besides so many in each second
 * (as Linkerd's ServiceProfile and Finagle's RetryBudget, but that the second part cannot be saved up: over any time the
 * retries stay below the share of the requests plus so many for each second that was begun).
 *
 * <p>One budget per frontend, shared by all loops. Each loop counts requests in cells that it alone writes, so a request
 * costs no shared write. Withdrawals, which are rare, hold across loops: their history is one immutable value behind one
 * compare-and-set word. Reading another loop's cells while it writes them may miss its newest requests, never invent any.
 */
public final class RetryBudget {

    private static final int WINDOW_SECONDS = 10;
    private static final int PERCENT = 100;

    /** Cells of one loop: a ring of seconds, wide enough that two loops never share a cache line. */
    private static final int RING = 16;

    /** A cell is the second it counts, shifted, and the count. */
    private static final int COUNT_BITS = 32;

    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final Budget terms;
    private final AtomicLongArray requests;
    private final AtomicReference<Withdrawals> withdrawals = new AtomicReference<>(new Withdrawals(new long[RING], 0));

    /**
     * A budget with nothing used.
     *
     * @param loops how many event loops will use it; they number themselves from 0
     */
    public RetryBudget(Budget terms, int loops) {
        this.terms = terms;
        this.requests = new AtomicLongArray(loops * RING);
    }

    public Budget terms() {
        return terms;
    }

    /** Counts a request (not a retry). Call it on the loop of that number. */
    public void deposit(int loop, long nowNanos) {
        long second = second(nowNanos);
        int cell = loop * RING + (int) (second & (RING - 1));
        requests.setOpaque(cell, plusOne(requests.getPlain(cell), second));
    }

    /** Takes one retry; false when there is none left. Any loop may call it. */
    public boolean withdraw(long nowNanos) {
        long second = second(nowNanos);
        long share = requestsInWindow(second) * terms.percent() / PERCENT;
        while (true) {
            Withdrawals before = Objects.requireNonNull(withdrawals.get());
            boolean ofShare = before.ofShareInWindow(second) < share;
            if (!ofShare && count(before.ofSecond, second) >= terms.perSecond()) {
                return false;
            }
            if (withdrawals.compareAndSet(before, before.plusOne(second, ofShare))) {
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

    private static long plusOne(long cell, long second) {
        return cell >>> COUNT_BITS == second ? cell + 1 : (second << COUNT_BITS) + 1;
    }

    private static long count(long cell, long second) {
        return cell >>> COUNT_BITS == second ? cell & COUNT_MASK : 0;
    }

    private static long inWindow(long cell, long now) {
        long age = now - (cell >>> COUNT_BITS);
        return age >= 0 && age < WINDOW_SECONDS ? cell & COUNT_MASK : 0;
    }

    /** The retries of the last seconds: those of the share, and this second's others. Never written after it was made. */
    private static final class Withdrawals {
        private final long[] ofShare;
        private final long ofSecond;

        private Withdrawals(long[] ofShare, long ofSecond) {
            this.ofShare = ofShare;
            this.ofSecond = ofSecond;
        }

        private long ofShareInWindow(long now) {
            long sum = 0;
            for (long cell : ofShare) {
                sum += inWindow(cell, now);
            }
            return sum;
        }

        private Withdrawals plusOne(long second, boolean share) {
            if (!share) {
                return new Withdrawals(ofShare, RetryBudget.plusOne(ofSecond, second));
            }
            long[] next = ofShare.clone();
            int cell = (int) (second & (RING - 1));
            next[cell] = RetryBudget.plusOne(next[cell], second);
            return new Withdrawals(next, ofSecond);
        }
    }
}
