package dev.weft.runtime.probe;

import java.time.Duration;
import java.util.Optional;

/**
 * The standing of one probe during one run of a program: when to ask next and what the answers add up to. Belongs to
 * the pod's thread; time is given in nanoseconds of {@link System#nanoTime()}'s kind.
 *
 * <p>Until the first success it asks often, at first every 1 ms, later at a twentieth of the time that has passed, never
 * less often than the probe's period: a program that is ready after 80 ms is in service after 84, which Kubernetes'
 * period of whole seconds does not give. Failures count against the threshold at most once per period, so a program has
 * the time to start that its author gave it.
 */
public final class Health {

    private static final long FASTEST_NANOS = Duration.ofMillis(1).toNanos();
    private static final long FASTEST_EXEC_NANOS = Duration.ofMillis(5).toNanos(); // each starts processes of its own
    private static final long KNATIVE_NANOS = Duration.ofMillis(50).toNanos();

    private final Probe probe;
    private final long begunNanos;
    private long dueNanos;
    private long countedNanos;
    private int failures;
    private int successes;
    private boolean succeededOnce;
    private boolean passing;
    private Optional<String> lastFailure = Optional.empty();

    /** Begins; {@code passing} is what holds before the first answer: true for liveness, false for the others. */
    public Health(Probe probe, boolean passing, long nowNanos) {
        this.probe = probe;
        this.passing = passing;
        this.begunNanos = nowNanos;
        this.dueNanos = nowNanos + probe.initialDelay().toNanos();
        this.countedNanos = dueNanos - probe.period().toNanos();
    }

    public Probe probe() {
        return probe;
    }

    /** When to ask next. */
    public long dueNanos() {
        return dueNanos;
    }

    public boolean passing() {
        return passing;
    }

    /** Whether failures have reached the threshold. */
    public boolean failed() {
        return failures >= probe.failureThreshold();
    }

    public Optional<String> lastFailure() {
        return lastFailure;
    }

    /** Takes an answer in: empty is good. */
    public void answered(Optional<String> failure, long nowNanos) {
        if (failure.isEmpty()) {
            succeededOnce = true;
            failures = 0;
            successes++;
            passing |= successes >= probe.successThreshold();
        } else {
            lastFailure = failure;
            successes = 0;
            count(nowNanos);
            passing &= !failed();
        }
        dueNanos = nowNanos + intervalNanos(nowNanos);
    }

    private void count(long nowNanos) {
        boolean counts =
                succeededOnce || nowNanos - countedNanos >= probe.steadyPeriod().toNanos();
        if (counts) {
            countedNanos = nowNanos;
            failures++;
        }
    }

    private long intervalNanos(long nowNanos) {
        if (succeededOnce) {
            return probe.steadyPeriod().toNanos();
        }
        long slowest = probe.period().isZero() ? KNATIVE_NANOS : probe.period().toNanos();
        long fastest = probe.action() instanceof Probe.Action.Exec ? FASTEST_EXEC_NANOS : FASTEST_NANOS;
        return Math.clamp((nowNanos - begunNanos) / 20, Math.min(fastest, slowest), slowest);
    }
}
