package dev.weft.serving.scale;

import dev.weft.model.workload.ServiceName;

/**
 * What the autoscaler must know of a revision.
 *
 * @param initialised whether its initial scale was reached once
 * @param reachable whether a route refers to it
 * @param abandoned it failed to start for so long that it is given up until somebody asks for it again
 */
public record ScaledRevision(
        ServiceName name, ScalingPolicy policy, boolean initialised, boolean reachable, boolean abandoned) {}
