package dev.weft.runtime.node;

import dev.weft.resources.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What pods and the machine used lately. */
public final class Usage {

    private Usage() {}

    /**
     * One container.
     *
     * @param nanocores billionths of a processor, on average over the window
     * @param bytes of memory at its end
     */
    public record OfContainer(String name, long nanocores, long bytes) {}

    /**
     * One pod whose containers run.
     *
     * @param time of the window's end
     */
    public record OfPod(Key pod, Instant time, Duration window, List<OfContainer> containers) {
        public OfPod {
            containers = List.copyOf(containers);
        }

        public long nanocores() {
            return containers.stream().mapToLong(OfContainer::nanocores).sum();
        }

        public long bytes() {
            return containers.stream().mapToLong(OfContainer::bytes).sum();
        }
    }

    /** The machine, with everything that runs on it, Weft's or not. */
    public record OfNode(String name, Instant time, Duration window, long nanocores, long bytes) {}
}
