package dev.weft.cli.platform;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.serving.activation.PodFailure;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Why something that runs does not serve.
 *
 * @param about what a person declared, not what was made from it
 * @param reason {@code ExitCode1}, {@code ImageNotLocal}, {@code NotReady}, …
 */
record WorkloadFailure(Key about, String reason, String message) {

    /** Whether to a reader it says the same: process numbers, times and counts in what a program wrote differ each time. */
    boolean same(WorkloadFailure other) {
        return about.equals(other.about) && reason.equals(other.reason) && words().equals(other.words());
    }

    private String words() {
        return message.replaceAll("[0-9a-fA-F]*[0-9][0-9a-fA-F]*", "#");
    }

    /** Of a Knative service, or of a configuration that no service made; its newest revision knows best. */
    static Optional<WorkloadFailure> ofKnative(Resource resource, ResourceStore store) {
        JsonNode ready = condition(resource, "Ready");
        boolean current = resource.at("/status/observedGeneration").asLong(0) == resource.generation();
        if (!current || !ready.path("status").asString("").equals("False")) {
            return Optional.empty();
        }
        String name = resource.at("/status/latestCreatedRevisionName").asString("");
        JsonNode revision = store.get(Kinds.REVISION.key(resource.namespace(), name))
                .map(found -> condition(found, "Ready"))
                .orElse(MissingNode.getInstance());
        JsonNode cause = revision.path("status").asString("").equals("False") ? revision : ready;
        return Optional.of(failure(resource, cause));
    }

    /** Of one pod; a program that ended once and was started again is no failure yet. */
    static Optional<PodFailure> ofPod(Resource pod) {
        boolean restarted = !pod.at("/status/phase").asString("").equals("Failed");
        return PodFailure.of(pod, restarted);
    }

    /** Of a Deployment of which no pod says why: it does not get on. */
    static Optional<WorkloadFailure> ofDeployment(Resource deployment) {
        JsonNode progressing = condition(deployment, "Progressing");
        if (!progressing.path("status").asString("").equals("False")) {
            return Optional.empty();
        }
        return Optional.of(
                new WorkloadFailure(
                        deployment.key(),
                        progressing.path("reason").asString(""),
                        deployment.at("/status/readyReplicas").asInt(0) + " of "
                                + deployment.at("/spec/replicas").asInt(1)
                                + " pods are ready, and that has not changed for as long as spec.progressDeadlineSeconds allows."));
    }

    private static WorkloadFailure failure(Resource resource, JsonNode condition) {
        return new WorkloadFailure(
                resource.key(),
                condition.path("reason").asString(""),
                condition.path("message").asString(""));
    }

    private static JsonNode condition(Resource resource, String type) {
        for (JsonNode condition : resource.at("/status/conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }
}
