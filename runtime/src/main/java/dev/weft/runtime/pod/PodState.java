package dev.weft.runtime.pod;

import java.time.Instant;
import java.util.List;

/**
 * Where a pod stands, at one moment.
 *
 * @param initialized whether all init containers have done their part
 * @param init in the order of the specification, as {@code containers}
 */
record PodState(
        Instant startTime,
        String address,
        boolean initialized,
        boolean ready,
        Instant readySince,
        List<ContainerState> init,
        List<ContainerState> containers) {

    PodState {
        init = List.copyOf(init);
        containers = List.copyOf(containers);
    }
}
