package dev.weft.runtime.job;

import dev.weft.resources.Resource;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * What a Job asks for, with Kubernetes' defaults.
 *
 * @param completions empty when its pods share a queue of work: then the first that succeeds says that it is empty
 * @param indexed whether each completion has a number of its own, and so each pod
 */
record JobSpec(
        int parallelism,
        OptionalInt completions,
        int failuresMax,
        Optional<Duration> deadline,
        Optional<Duration> keptFor,
        boolean suspended,
        boolean indexed) {

    static JobSpec read(Resource job) {
        JsonNode spec = job.at("/spec");
        boolean queue = spec.has("parallelism") && !spec.has("completions");
        return new JobSpec(
                spec.path("parallelism").asInt(1),
                queue
                        ? OptionalInt.empty()
                        : OptionalInt.of(spec.path("completions").asInt(1)),
                spec.path("backoffLimit").asInt(6),
                seconds(spec.path("activeDeadlineSeconds")),
                seconds(spec.path("ttlSecondsAfterFinished")),
                spec.path("suspend").asBoolean(false),
                spec.path("completionMode").asString("").equals("Indexed"));
    }

    private static Optional<Duration> seconds(JsonNode node) {
        return node.isNumber() ? Optional.of(Duration.ofSeconds(node.asLong())) : Optional.empty();
    }
}
