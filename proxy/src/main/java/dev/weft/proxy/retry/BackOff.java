package dev.weft.proxy.retry;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a retry: a random part of 25 ms, doubled each time, at most 250 ms (full jitter, with Linkerd's
 * and Envoy's numbers). The first retry of a request that no endpoint began with goes at once: another endpoint waits.
 */
public final class BackOff {

    static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int DOUBLINGS_MAX = 4;

    private BackOff() {}

    /**
     * Nanoseconds, 0 for at once.
     *
     * @param triesMade 1 or more
     */
    public static long nanos(int triesMade, Failure failure, RandomGenerator random) {
        boolean begun = !(failure instanceof Failure.Unanswered(var _, boolean sent, var _)) || sent;
        if (triesMade == 1 && !begun) {
            return 0;
        }
        long most = Math.min(MOST_NANOS, FIRST_NANOS << Math.min(triesMade - 1, DOUBLINGS_MAX));
        return random.nextLong(most);
    }
}
