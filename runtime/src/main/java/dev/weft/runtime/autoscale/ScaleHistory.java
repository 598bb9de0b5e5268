package dev.weft.runtime.autoscale;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What was proposed and done to one target lately, and how far it may go now because of that: stabilization windows and
 * policies. One autoscaler's own, used by its reconciler's thread.
 */
final class ScaleHistory {

    private static final Duration KEPT = Duration.ofHours(1);

    private record Proposed(Instant time, int replicas) {}

    private final List<Proposed> proposals = new ArrayList<>();
    private final List<Proposed> changes = new ArrayList<>();

    /** What is there is as good as proposed, so that a start of the platform scales nothing down at once. */
    ScaleHistory(Instant now, int current) {
        proposals.add(new Proposed(now, current));
    }

    /** The number that may be, of the number that should be. */
    int allowed(ScalerSpec spec, int current, int proposed, Instant now) {
        proposals.removeIf(each -> each.time().isBefore(now.minus(KEPT)));
        changes.removeIf(each -> each.time().isBefore(now.minus(KEPT)));
        int stable = stable(spec, current, proposed, now);
        proposals.add(new Proposed(now, proposed));
        if (stable > current) {
            return Math.min(stable, ceiling(spec.up(), current, now));
        }
        return stable < current ? Math.max(stable, floor(spec.down(), current, now)) : current;
    }

    void changed(Instant now, int by) {
        changes.add(new Proposed(now, by));
    }

    /** Up to the least that was proposed within the window of going up, down to the most within that of going down. */
    private int stable(ScalerSpec spec, int current, int proposed, Instant now) {
        int up = proposed;
        int down = proposed;
        for (Proposed each : proposals) {
            if (each.time().isAfter(now.minusSeconds(spec.up().windowSeconds()))) {
                up = Math.min(up, each.replicas());
            }
            if (each.time().isAfter(now.minusSeconds(spec.down().windowSeconds()))) {
                down = Math.max(down, each.replicas());
            }
        }
        return Math.min(Math.max(current, up), down);
    }

    private int ceiling(ScalerSpec.Pace pace, int current, Instant now) {
        List<Integer> limits = new ArrayList<>();
        for (ScalerSpec.Policy policy : pace.policies()) {
            int start = current - changedBy(policy, now, by -> by > 0);
            limits.add(
                    policy.percent() ? (int) Math.ceil(start * (1 + policy.value() / 100.0)) : start + policy.value());
        }
        return pace.allowed() ? Math.max(current, extreme(limits, pace.widest(), current)) : current;
    }

    private int floor(ScalerSpec.Pace pace, int current, Instant now) {
        List<Integer> limits = new ArrayList<>();
        for (ScalerSpec.Policy policy : pace.policies()) {
            int start = current - changedBy(policy, now, by -> by < 0);
            limits.add(policy.percent() ? (int) (start * (1 - policy.value() / 100.0)) : start - policy.value());
        }
        return pace.allowed() ? Math.min(current, extreme(limits, !pace.widest(), current)) : current;
    }

    private static int extreme(List<Integer> limits, boolean most, int fallback) {
        return most
                ? limits.stream().max(Integer::compare).orElse(fallback)
                : limits.stream().min(Integer::compare).orElse(fallback);
    }

    private int changedBy(ScalerSpec.Policy policy, Instant now, Predicate<Integer> direction) {
        return changes.stream()
                .filter(each -> each.time().isAfter(now.minusSeconds(policy.periodSeconds())))
                .map(Proposed::replicas)
                .filter(direction)
                .mapToInt(Integer::intValue)
                .sum();
    }
}
