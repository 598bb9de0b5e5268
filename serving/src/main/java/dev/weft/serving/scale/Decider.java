package dev.weft.serving.scale;

import dev.weft.serving.scale.Decision.Memory;
import dev.weft.serving.scale.Decision.Wanted;
import java.util.ArrayList;
import java.util.List;

/**
 * Knative's autoscaling algorithm (knative/serving, pkg/autoscaler/scaling/autoscaler.go, read at v1.23.0) as a pure
 * function.
 */
public final class Decider {

    private Decider() {}

    /** What the policy wants of what was seen. */
    public static Decision decide(ScalingPolicy policy, Memory memory, Observation seen) {
        double ready = Math.max(1, seen.ready());
        double up = Math.ceil(policy.maxScaleUpRate() * ready);
        double down = seen.reachable() ? Math.floor(ready / policy.maxScaleDownRate()) : 0;
        double wantedStable = Math.ceil(seen.stable() / policy.target());
        double wantedPanic = Math.ceil(seen.panic() / policy.target());
        int stable = activated(policy, wantedStable, Math.min(Math.max(wantedStable, down), up));
        int panic = activated(policy, wantedPanic, Math.min(Math.max(wantedPanic, down), up));

        boolean over = wantedPanic / ready >= policy.panicThreshold();
        Memory next = panic(policy, memory, seen.nowNanos(), over);
        int desired = stable;
        if (next.panicking()) {
            desired = Math.max(Math.max(stable, panic), next.panicMost());
            next = new Memory(true, next.panicNanos(), desired, next.delayed());
        }
        boolean delays = seen.reachable() && !policy.scaleDownDelay().isZero();
        if (delays) {
            List<Wanted> delayed = delayed(policy, next, seen.nowNanos(), desired);
            next = new Memory(next.panicking(), next.panicNanos(), next.panicMost(), delayed);
            desired = delayed.stream().mapToInt(Wanted::count).max().orElse(desired);
        }
        return new Decision(desired, excessBurst(policy, seen), next);
    }

    private static int activated(ScalingPolicy policy, double wanted, double clamped) {
        boolean demand = wanted > 0 && policy.activationScale() > 1;
        return (int) (demand ? Math.max(clamped, policy.activationScale()) : clamped);
    }

    private static Memory panic(ScalingPolicy policy, Memory memory, long now, boolean over) {
        if (over) {
            return new Memory(true, now, memory.panicMost(), memory.delayed());
        }
        boolean calm = memory.panicking()
                && now - memory.panicNanos() > policy.stableWindow().toNanos();
        return calm ? new Memory(false, now, 0, memory.delayed()) : memory;
    }

    private static List<Wanted> delayed(ScalingPolicy policy, Memory memory, long now, int desired) {
        List<Wanted> delayed = new ArrayList<>(memory.delayed());
        delayed.removeIf(
                wanted -> now - wanted.atNanos() >= policy.scaleDownDelay().toNanos());
        delayed.add(new Wanted(now, desired));
        return delayed;
    }

    private static double excessBurst(ScalingPolicy policy, Observation seen) {
        double burst = policy.targetBurstCapacity();
        return burst <= 0 ? burst : Math.floor(seen.ready() * policy.total() - burst - seen.panic());
    }
}
