package dev.weft.model.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * When an endpoint is taken out for a while because it fails (outlier detection, failure accrual), and how it comes back:
 * after its time one request tries it; if that succeeds it is back, if not it is out for twice as long.
 *
 * @param consecutiveFailures failures in a row that take it out; 0 for no such rule
 * @param successRate takes out what fails too often without failing always
 * @param ejectionMin how long it is out the first time
 * @param ejectionMax the longest time
 * @param jitter the share of the time that chance may add, 0 or more
 * @param ejectedPercentMax of a service's endpoints that may be out at once, 0 to 100, rounded down
 * @param panicPercent when a smaller share of the endpoints than this is in, all are used again; 0 for never
 */
public record CircuitBreaking(
        int consecutiveFailures,
        Optional<SuccessRate> successRate,
        Duration ejectionMin,
        Duration ejectionMax,
        double jitter,
        int ejectedPercentMax,
        int panicPercent) {

    public static final int CONSECUTIVE_FAILURES = 7;
    public static final Duration EJECTION_MIN = Duration.ofSeconds(1);
    public static final Duration EJECTION_MAX = Duration.ofMinutes(1);
    public static final double JITTER = 0.5;
    public static final int EJECTED_PERCENT_MAX = 50;
    public static final int PANIC_PERCENT = 50;

    /** Nothing is ever taken out. */
    public static final CircuitBreaking OFF = new CircuitBreaking(
            0, Optional.empty(), EJECTION_MIN, EJECTION_MAX, JITTER, EJECTED_PERCENT_MAX, PANIC_PERCENT);

    /** Linkerd's defaults for {@code consecutive}. */
    public static final CircuitBreaking CONSECUTIVE = new CircuitBreaking(
            CONSECUTIVE_FAILURES,
            Optional.empty(),
            EJECTION_MIN,
            EJECTION_MAX,
            JITTER,
            EJECTED_PERCENT_MAX,
            PANIC_PERCENT);

    /**
     * A success rate to hold.
     *
     * @param least 0 to 1; below it the endpoint is taken out
     * @param window over which it is counted
     * @param requestsMin answers that must be in the window before it says anything
     */
    public record SuccessRate(double least, Duration window, int requestsMin) {

        /** Linkerd's defaults for {@code unified}. */
        public static final SuccessRate DEFAULT = new SuccessRate(0.8, Duration.ofSeconds(10), 5);
    }

    /** Whether any rule can take an endpoint out. */
    public boolean on() {
        return consecutiveFailures > 0 || successRate.isPresent();
    }
}
