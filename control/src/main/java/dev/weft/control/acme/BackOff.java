package dev.weft.control.acme;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after failures: doubling, with up to a fifth more by chance, and never less than the authority says. */
final class BackOff {

    /** An authority that was not reached has counted nothing. */
    static final Duration UNREACHED = Duration.ofMinutes(1);

    /** Let's Encrypt takes five failed validations of a name in an hour. */
    static final Duration REFUSED = Duration.ofMinutes(15);

    private static final Duration MOST = Duration.ofHours(12);
    private static final Duration TOLD_MOST = Duration.ofDays(8);
    private static final int DOUBLINGS_MAX = 10;

    private BackOff() {}

    /**
     * After so many failures in a row.
     *
     * @param failures at least 1
     * @param told what the authority asked for; zero for nothing
     */
    static Duration after(int failures, Duration first, Duration told, RandomGenerator random) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
        Duration base = least(doubled, MOST);
        Duration own = base.plusMillis(random.nextLong(base.toMillis() / 5 + 1));
        Duration asked = least(told, TOLD_MOST);
        return Duration.ofSeconds(1 + (own.compareTo(asked) > 0 ? own : asked).toSeconds());
    }

    /** How many failures in a row a wait of this length comes after. */
    static int failures(Duration waited) {
        int failures = 1;
        while (failures < DOUBLINGS_MAX && REFUSED.multipliedBy(1L << failures).compareTo(waited) <= 0) {
            failures++;
        }
        return failures;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
