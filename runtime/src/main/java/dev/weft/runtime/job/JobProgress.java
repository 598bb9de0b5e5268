package dev.weft.runtime.job;

import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How far a Job's pods have come.
 *
 * @param active those that have not ended and are not being deleted
 * @param failures pods that failed, and restarts within those that still run
 */
record JobProgress(List<Resource> active, int ready, int succeeded, int failed, int failures) {

    static JobProgress of(List<Resource> pods) {
        List<Resource> active = new ArrayList<>();
        int ready = 0;
        int succeeded = 0;
        int failed = 0;
        int restarts = 0;
        for (Resource pod : pods) {
            switch (pod.at("/status/phase").asString("")) {
                case "Succeeded" -> succeeded++;
                case "Failed" -> failed++;
                default -> {
                    if (!pod.deleting()) {
                        active.add(pod);
                        JsonNode container = pod.at("/status/containerStatuses/0");
                        restarts += container.path("restartCount").asInt(0);
                        ready += container.path("ready").asBoolean(false) ? 1 : 0;
                    }
                }
            }
        }
        return new JobProgress(List.copyOf(active), ready, succeeded, failed, failed + restarts);
    }

    /** How many more to start. */
    int missing(JobSpec spec) {
        int wanted = spec.parallelism();
        if (spec.completions().isPresent()) {
            wanted = Math.min(wanted, spec.completions().getAsInt() - succeeded);
        } else if (succeeded > 0) {
            return 0;
        }
        return Math.max(0, wanted - active.size());
    }

    boolean complete(JobSpec spec) {
        return spec.completions().isPresent()
                ? succeeded >= spec.completions().getAsInt()
                : succeeded > 0 && active.isEmpty();
    }
}
