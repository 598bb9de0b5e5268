package dev.weft.serving.scale;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How one revision scales, as its annotations say ({@code autoscaling.knative.dev/…}, both spellings) over Knative's
 * defaults.
 *
 * @param total what one instance can take: requests at once, or per second
 * @param target what one instance should have: {@code total} times the utilisation, at least 0.01
 * @param stableWindow 6 s to 1 h, whole seconds
 * @param panicWindow whole seconds, at least 1
 * @param panicThreshold how many times the ready instances must be wanted to start a panic
 * @param minScale kept while a route refers to the revision
 * @param maxScale 0 for no limit
 * @param initialScale started and probed before the revision counts as ready
 * @param activationScale at least so many once there is any demand; 1 for none
 * @param scaleDownDelay how long a higher number is kept
 * @param podRetention how long the last instance stays at least once it is idle
 * @param targetBurstCapacity -1 for no limit; informs {@link Decision#excessBurst}
 */
public record ScalingPolicy(
        Metric metric,
        Aggregation aggregation,
        double total,
        double target,
        Duration stableWindow,
        Duration panicWindow,
        double panicThreshold,
        double maxScaleUpRate,
        double maxScaleDownRate,
        int minScale,
        int maxScale,
        int initialScale,
        int activationScale,
        Duration scaleDownDelay,
        Duration podRetention,
        double targetBurstCapacity) {

    /** What is measured. */
    public enum Metric {
        /** Requests in flight. */
        CONCURRENCY,
        /** Requests started per second. */
        RPS
    }

    /** How the seconds of a window become one value. */
    public enum Aggregation {
        LINEAR,
        WEIGHTED_EXPONENTIAL
    }

    /** An annotation that could not be used; its default holds. */
    public record Fault(String annotation, String message) {}

    /** A policy, and what could not be read. */
    public record Read(ScalingPolicy policy, List<Fault> faults) {
        public Read {
            faults = List.copyOf(faults);
        }
    }

    /**
     * Reads a revision's annotations.
     *
     * @param containerConcurrency the revision's hard limit, 0 for none
     */
    public static Read read(Map<String, String> annotations, int containerConcurrency) {
        return new ScalingAnnotations(annotations).policy(containerConcurrency);
    }

    /** Knative's defaults. */
    public static ScalingPolicy defaults() {
        return read(Map.of(), 0).policy();
    }

    /** Keeps a wanted number within what the annotations allow. */
    int bounded(int wanted, boolean initialised, boolean reachable) {
        int floor = reachable ? minScale : 0;
        if (!initialised) {
            floor = Math.max(floor, initialScale);
        }
        int raised = Math.max(wanted, floor);
        return maxScale > 0 ? Math.min(raised, maxScale) : raised;
    }

    /** How many ready instances make the revision ready for the first time. */
    public int readyAt() {
        return Math.max(minScale, initialScale);
    }
}
