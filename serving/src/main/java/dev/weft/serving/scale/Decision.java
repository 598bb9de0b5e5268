package dev.weft.serving.scale;

import java.util.List;

/**
 * What the decider wants, before the bounds of the policy and the care on the way to zero.
 *
 * @param desired instances
 * @param excessBurst how many requests more than the burst capacity could come at once; negative when too few fit
 * @param memory what the decider must be given next time
 */
public record Decision(int desired, double excessBurst, Memory memory) {

    /**
     * What one decision leaves for the next.
     *
     * @param panicking whether a panic lasts
     * @param panicNanos when its threshold was last exceeded
     * @param panicMost the most instances wanted in this panic; there is no way down before it ends
     * @param delayed what was wanted within the scale-down delay, oldest first
     */
    public record Memory(boolean panicking, long panicNanos, int panicMost, List<Wanted> delayed) {

        public Memory {
            delayed = List.copyOf(delayed);
        }

        /**
         * The memory of a decider that starts. With more than one instance already running it starts in a panic, so that
         * a restarted platform does not scale down before it has seen any demand.
         */
        public static Memory starting(int ready, long nowNanos) {
            return ready > 1 ? new Memory(true, nowNanos, ready, List.of()) : new Memory(false, nowNanos, 0, List.of());
        }
    }

    /** How many were wanted when. */
    public record Wanted(long atNanos, int count) {}
}
