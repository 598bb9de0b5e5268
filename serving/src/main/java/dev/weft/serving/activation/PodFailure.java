package dev.weft.serving.activation;

import dev.weft.resources.Resource;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Why a pod does not serve.
 *
 * @param reason for a condition: {@code ExitCode1}, {@code ImageNotLocal}, …
 * @param message for people, with the last lines that the program wrote where the pod's status has them
 * @param lasting false when the pod is being tried again at this moment
 */
public record PodFailure(String reason, String message, boolean lasting) {

    private static final Set<String> STARTING = Set.of("", "ContainerCreating", "PodInitializing");

    /**
     * Reads a pod's status; empty for a pod that runs, is starting for the first time, or is leaving.
     *
     * @param served it was ready once: then an end of its program is followed by a restart, and is no failure before
     *     the restarts are held back
     */
    public static Optional<PodFailure> of(Resource pod, boolean served) {
        if (pod.deleting()) {
            return Optional.empty();
        }
        for (String field : new String[] {"initContainerStatuses", "containerStatuses"}) {
            for (JsonNode container : pod.at("/status/" + field)) {
                Optional<PodFailure> failure = container(container, served);
                if (failure.isPresent()) {
                    return failure;
                }
            }
        }
        if (pod.at("/status/phase").asString("").equals("Failed")) {
            String reason = pod.at("/status/reason").asString("");
            String message = pod.at("/status/message").asString("");
            return Optional.of(new PodFailure(reason.isEmpty() ? "PodFailed" : reason, message, true));
        }
        return Optional.empty();
    }

    private static Optional<PodFailure> container(JsonNode container, boolean served) {
        JsonNode terminated = container.at("/state/terminated");
        if (terminated.isObject()) {
            return served ? Optional.empty() : Optional.of(exited(terminated, true));
        }
        JsonNode waiting = container.at("/state/waiting");
        JsonNode before = container.at("/lastState/terminated");
        String reason = waiting.path("reason").asString("");
        if (reason.equals("CrashLoopBackOff") && before.isObject()) {
            return Optional.of(exited(before, true));
        }
        if (!STARTING.contains(reason)) {
            return Optional.of(new PodFailure(reason, waiting.path("message").asString(""), true));
        }
        boolean retried =
                before.isObject() && !served && !container.path("ready").asBoolean(false);
        return retried ? Optional.of(exited(before, false)) : Optional.empty();
    }

    private static PodFailure exited(JsonNode terminated, boolean lasting) {
        int code = terminated.path("exitCode").asInt(0);
        String said = terminated.path("message").asString("").strip();
        String message = "Container failed with: "
                + (said.isEmpty() ? "exit code " + code : "exit code " + code + ", and last said:\n" + said);
        return new PodFailure("ExitCode" + code, message, lasting);
    }
}
