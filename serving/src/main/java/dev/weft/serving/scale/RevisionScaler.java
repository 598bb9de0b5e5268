package dev.weft.serving.scale;

import dev.weft.serving.scale.Decision.Memory;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Decides for one revision: samples its demand into windows, asks the {@link Decider}, applies the policy's bounds, and
 * takes care on the way to zero. Owned by the autoscaler's thread, but for {@link #demand}, which event loops write.
 */
final class RevisionScaler {

    private static final long SECOND = 1_000_000_000L;
    private static final long DECIDE_EVERY = 2 * SECOND;
    private static final long MISSED_MAX = 3;

    /** What is wanted now and why; no reason is the one from before. */
    record Wish(int instances, String reason) {}

    private final Demand demand;
    private final Demand.Sampler sampler;
    private final Duration grace;
    private final Duration activationLimit;
    private ScaledRevision revision;
    private Buckets buckets;
    private Memory memory;
    private Observation seen;
    private double excessBurst;
    private long sampledNanos;
    private OptionalLong decidedNanos = OptionalLong.empty();
    private OptionalLong servingNanos = OptionalLong.empty();
    private OptionalLong idleNanos = OptionalLong.empty();
    private OptionalLong startingNanos = OptionalLong.empty();
    private boolean began;

    /**
     * @param grace how long the last instance stays after the stable window showed no demand
     * @param activationLimit how long an instance may take to become ready before a revision without demand gives up
     */
    RevisionScaler(ScaledRevision revision, Duration grace, Duration activationLimit, long nowNanos) {
        this.revision = revision;
        this.grace = grace;
        this.activationLimit = activationLimit;
        demand = new Demand(nowNanos);
        sampler = demand.new Sampler();
        buckets = buckets(revision.policy());
        memory = Memory.starting(0, nowNanos);
        seen = new Observation(nowNanos, 0, 0, 0, true);
        sampledNanos = nowNanos;
    }

    Demand demand() {
        return demand;
    }

    ScaledRevision revision() {
        return revision;
    }

    Observation seen() {
        return seen;
    }

    boolean panicking() {
        return memory.panicking();
    }

    double excessBurst() {
        return excessBurst;
    }

    /** Takes over what changed; a window of another length begins anew. */
    void revise(ScaledRevision changed) {
        if (!changed.policy().stableWindow().equals(revision.policy().stableWindow())) {
            buckets = buckets(changed.policy());
        }
        revision = changed;
    }

    /**
     * What should run now.
     *
     * @param wanted how many are wanted so far
     * @param ready how many can take requests
     * @param waiting requests that wait for an instance
     * @param urgent decide now, because somebody waits
     */
    Wish decide(long now, int wanted, int ready, int waiting, boolean urgent) {
        begin(now, wanted);
        sample(now, waiting);
        follow(now, wanted, ready);
        boolean due = decidedNanos.isEmpty() || now - decidedNanos.getAsLong() >= DECIDE_EVERY;
        if (!due && !urgent && idleNanos.isEmpty()) {
            return new Wish(wanted, "");
        }
        decidedNanos = OptionalLong.of(now);
        ScalingPolicy policy = revision.policy();
        long second = Math.floorDiv(now, SECOND);
        int stableSeconds = Math.toIntExact(policy.stableWindow().toSeconds());
        int panicSeconds = Math.toIntExact(policy.panicWindow().toSeconds());
        seen = new Observation(
                now,
                buckets.average(second, stableSeconds, policy.aggregation()),
                buckets.average(second, panicSeconds, policy.aggregation()),
                ready,
                revision.reachable());
        Decision decision = Decider.decide(policy, memory, seen);
        memory = decision.memory();
        excessBurst = decision.excessBurst();
        int bounded = policy.bounded(decision.desired(), revision.initialised(), revision.reachable());
        boolean asked = waiting > 0 || demand.inFlight() > 0;
        if (revision.abandoned() && !asked) {
            return new Wish(0, "it did not start within its progress deadline");
        }
        return bounded > 0 || (wanted == 0 && !asked)
                ? awake(bounded, decision)
                : towardsZero(now, wanted, ready, asked);
    }

    private Wish awake(int bounded, Decision decision) {
        idleNanos = OptionalLong.empty();
        return new Wish(bounded, explain(bounded, decision));
    }

    /** Nothing is wanted any more: one instance stays until it is sure. */
    private Wish towardsZero(long now, int wanted, int ready, boolean asked) {
        if (asked) {
            idleNanos = OptionalLong.empty();
            return new Wish(1, "a request is in flight");
        }
        if (ready == 0) {
            boolean given = startingNanos.isPresent() && now - startingNanos.getAsLong() >= activationLimit.toNanos();
            return given
                    ? new Wish(0, "no instance became ready in " + activationLimit.toSeconds() + " s, and nobody waits")
                    : new Wish(wanted, "an instance is on its way");
        }
        if (idleNanos.isEmpty()) {
            idleNanos = OptionalLong.of(now);
        }
        long idle = now - idleNanos.getAsLong();
        long served = now - servingNanos.orElse(now);
        Duration rest = revision.policy().podRetention().compareTo(grace) > 0
                ? revision.policy().podRetention()
                : grace;
        if (idle < rest.toNanos() || served < revision.policy().stableWindow().toNanos()) {
            return new Wish(1, "no demand; the last instance stays for its grace of " + seconds(rest));
        }
        idleNanos = OptionalLong.empty();
        return new Wish(
                0, "no request for " + seconds(revision.policy().stableWindow()) + " and a grace of " + seconds(rest));
    }

    private String explain(int bounded, Decision decision) {
        ScalingPolicy policy = revision.policy();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s %.2f stable, %.2f panic, target %.2f an instance, %d ready: %d wanted",
                policy.metric() == ScalingPolicy.Metric.RPS ? "requests/s" : "concurrency",
                seen.stable(),
                seen.panic(),
                policy.target(),
                seen.ready(),
                decision.desired()));
        if (decision.memory().panicking()) {
            text.append(" (panic)");
        }
        if (bounded != decision.desired()) {
            String bound = !revision.initialised() && bounded == policy.initialScale() ? "initial" : "min or max";
            text.append(", ").append(bounded).append(" by ").append(bound).append(" scale");
        }
        return text.toString();
    }

    private void begin(long now, int wanted) {
        if (!began) {
            began = true;
            memory = Memory.starting(wanted, now);
        }
    }

    /** Seconds count while anything runs or is asked for, so that a revision asleep costs nothing. */
    private void sample(long now, int waiting) {
        Demand.Sample sample = sampler.sample(now);
        double value = switch (revision.policy().metric()) {
            case CONCURRENCY -> sample.concurrency();
            case RPS -> sample.perSecond();
        };
        long second = Math.floorDiv(now, SECOND);
        long last = Math.floorDiv(sampledNanos, SECOND);
        boolean late = second - last <= MISSED_MAX; // else it was asleep, and the gap means no demand
        for (long missed = last + 1; late && missed < second; missed++) {
            buckets.raise(missed, value);
        }
        buckets.raise(second, Math.max(value, waiting));
        sampledNanos = now;
    }

    private void follow(long now, int wanted, int ready) {
        if (ready > 0) {
            servingNanos = OptionalLong.of(servingNanos.orElse(now));
            startingNanos = OptionalLong.empty();
            return;
        }
        servingNanos = OptionalLong.empty();
        startingNanos = wanted == 0 ? OptionalLong.empty() : OptionalLong.of(startingNanos.orElse(now));
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static Buckets buckets(ScalingPolicy policy) {
        return new Buckets(Math.toIntExact(policy.stableWindow().toSeconds()));
    }
}
