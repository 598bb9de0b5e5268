package dev.weft.runtime.pod;

import java.time.Duration;

/**
 * How long a program that ended waits for its next start: not at all after its first end, then 1 s, doubling up to 5
 * minutes; a run of 10 minutes forgets what was before. Kubernetes begins at 10 s, which nobody at a desk has.
 */
final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofMinutes(5);
    private static final Duration FORGET = Duration.ofMinutes(10);

    private Duration next = Duration.ZERO;

    Duration after(Duration run) {
        if (run.compareTo(FORGET) >= 0) {
            next = Duration.ZERO;
        }
        Duration wait = next;
        Duration doubled = wait.isZero() ? FIRST : wait.multipliedBy(2);
        next = doubled.compareTo(MAX) > 0 ? MAX : doubled;
        return wait;
    }
}
