package dev.weft.runtime.deployment;

import dev.weft.resources.Resource;
import dev.weft.runtime.deployment.RollingPlan.Replica;
import dev.weft.runtime.deployment.RollingPlan.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A Deployment's status in the words of {@code apps/v1}. */
final class DeploymentStatus {

    private DeploymentStatus() {}

    static ObjectNode of(Resource deployment, DeploymentSpec spec, List<Replica> replicas, Instant now) {
        int updated = (int) replicas.stream().filter(Replica::current).count();
        int ready = (int) replicas.stream().filter(Replica::ready).count();
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", deployment.generation());
        status.put("replicas", replicas.size());
        status.put("updatedReplicas", updated);
        status.put("readyReplicas", ready);
        status.put("availableReplicas", ready);
        status.put("unavailableReplicas", Math.max(0, spec.replicas() - ready));
        ArrayNode conditions = status.putArray("conditions");
        int unavailableMax = spec.strategy() instanceof Strategy.RollingUpdate rolling ? rolling.unavailable() : 0;
        boolean available = ready >= spec.replicas() - unavailableMax;
        condition(deployment, conditions, "Available", available, now)
                .put("reason", available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable")
                .put("message", "Deployment " + (available ? "has" : "does not have") + " minimum availability.");
        progress(deployment, spec, status, conditions, now);
        return status;
    }

    /** How long until the deadline of a change that goes on; zero when there is none to wait for. */
    static Duration untilDeadline(Resource deployment, DeploymentSpec spec, ObjectNode status, Instant now) {
        if (complete(spec, status)) {
            return Duration.ZERO;
        }
        Duration left = spec.progressDeadline().minus(Duration.between(progressedAt(deployment, status, now), now));
        return left.isNegative() ? Duration.ZERO : left.plusSeconds(1);
    }

    private static void progress(
            Resource deployment, DeploymentSpec spec, ObjectNode status, ArrayNode conditions, Instant now) {
        Instant progressed = progressedAt(deployment, status, now);
        boolean complete = complete(spec, status);
        boolean late = !complete && Duration.between(progressed, now).compareTo(spec.progressDeadline()) > 0;
        String reason = complete ? "NewReplicaSetAvailable" : late ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated";
        condition(deployment, conditions, "Progressing", !late, now)
                .put(
                        "lastUpdateTime",
                        progressed.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("reason", reason)
                .put(
                        "message",
                        "Template " + spec.templateHash()
                                + (complete ? " is fully available." : " is being rolled out."));
    }

    private static boolean complete(DeploymentSpec spec, ObjectNode status) {
        int wanted = spec.replicas();
        return status.path("updatedReplicas").asInt() == wanted
                && status.path("replicas").asInt() == wanted
                && status.path("readyReplicas").asInt() == wanted;
    }

    /** When the numbers last moved. */
    private static Instant progressedAt(Resource deployment, ObjectNode status, Instant now) {
        JsonNode before = deployment.at("/status");
        boolean same = List.of("observedGeneration", "updatedReplicas", "readyReplicas", "replicas").stream()
                .allMatch(field ->
                        before.path(field).asLong(-1) == status.path(field).asLong(-1));
        String time = before(deployment, "Progressing").path("lastUpdateTime").asString("");
        return same && !time.isEmpty() ? Instant.parse(time) : now;
    }

    private static ObjectNode condition(
            Resource deployment, ArrayNode conditions, String type, boolean holds, Instant now) {
        String word = holds ? "True" : "False";
        JsonNode before = before(deployment, type);
        String since = before.path("status").asString("").equals(word)
                ? before.path("lastTransitionTime").asString("")
                : "";
        return conditions
                .addObject()
                .put("type", type)
                .put("status", word)
                .put(
                        "lastTransitionTime",
                        since.isEmpty() ? now.truncatedTo(ChronoUnit.SECONDS).toString() : since);
    }

    private static JsonNode before(Resource deployment, String type) {
        for (JsonNode condition : deployment.at("/status/conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }
}
