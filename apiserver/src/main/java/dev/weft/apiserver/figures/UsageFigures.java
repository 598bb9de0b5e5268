package dev.weft.apiserver.figures;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What pods and this machine use: the runtime's accounting. */
public interface UsageFigures {

    /** Nobody counts. */
    UsageFigures NONE = new UsageFigures() {
        @Override
        public List<OfPod> pods() {
            return List.of();
        }

        @Override
        public Optional<OfNode> node() {
            return Optional.empty();
        }
    };

    /**
     * What was used.
     *
     * @param nanocores billionths of a processor, on average
     * @param bytes of memory
     */
    record Use(long nanocores, long bytes) {}

    record OfContainer(String name, Use use) {}

    /**
     * One pod.
     *
     * @param time of the window's end
     */
    record OfPod(String namespace, String name, Instant time, Duration window, List<OfContainer> containers) {
        public OfPod {
            containers = List.copyOf(containers);
        }
    }

    /** The machine. */
    record OfNode(String name, Instant time, Duration window, Use use) {}

    /** Every pod of which something is known. */
    List<OfPod> pods();

    Optional<OfNode> node();
}
