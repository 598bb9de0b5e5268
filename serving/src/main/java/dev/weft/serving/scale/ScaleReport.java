package dev.weft.serving.scale;

import dev.weft.model.workload.ServiceName;
import java.util.List;

/**
 * Why a revision has as many instances as it has.
 *
 * @param stable the metric over the stable window, at the last decision
 * @param panic the metric over the panic window, at the last decision
 * @param excessBurst see {@link Decision#excessBurst}
 * @param explanation the last decision, for people
 * @param changes the newest, oldest first
 */
public record ScaleReport(
        ServiceName revision,
        ScalingPolicy policy,
        long inFlight,
        int ready,
        int wanted,
        double stable,
        double panic,
        boolean panicking,
        double excessBurst,
        String explanation,
        List<ScaleChange> changes) {

    public ScaleReport {
        changes = List.copyOf(changes);
    }
}
