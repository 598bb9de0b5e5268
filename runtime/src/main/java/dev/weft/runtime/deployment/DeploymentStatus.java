package dev.weft.runtime.deployment;

import dev.weft.resources.Resource;
import dev.weft.runtime.deployment.RollingPlan.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A Deployment's status in the words of {@code apps/v1}. */
final class DeploymentStatus {

    /** How often the name of a new set was taken already. */
    static final String COLLISIONS = "collisionCount";

    private DeploymentStatus() {}

    static int collisions(Resource deployment) {
        return deployment.at("/status").path(COLLISIONS).asInt(0);
    }

    static ObjectNode of(
            Resource deployment, DeploymentSpec spec, Map<Resource, Replicas> sets, String currentName, Instant now) {
        int updated = sets.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(currentName))
                .mapToInt(entry -> entry.getValue().total())
                .sum();
        int total = sets.values().stream().mapToInt(Replicas::total).sum();
        int available = sets.values().stream().mapToInt(Replicas::available).sum();
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", deployment.generation());
        status.put("replicas", total);
        status.put("updatedReplicas", updated);
        status.put(
                "readyReplicas",
                sets.values().stream().mapToInt(Replicas::ready).sum());
        status.put("availableReplicas", available);
        status.put("unavailableReplicas", Math.max(0, spec.replicas() - available));
        if (collisions(deployment) > 0) {
            status.put(COLLISIONS, collisions(deployment));
        }
        ArrayNode conditions = status.putArray("conditions");
        int unavailableMax = spec.strategy() instanceof Strategy.RollingUpdate rolling ? rolling.unavailable() : 0;
        boolean enough = available >= spec.replicas() - unavailableMax;
        condition(deployment, conditions, "Available", enough ? "True" : "False", now)
                .put("reason", enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable")
                .put("message", "Deployment " + (enough ? "has" : "does not have") + " minimum availability.");
        progress(deployment, spec, status, currentName, now);
        return status;
    }

    /** How long until the deadline of a change that goes on; zero when there is none to wait for. */
    static Duration untilDeadline(Resource deployment, DeploymentSpec spec, ObjectNode status, Instant now) {
        if (complete(spec, status) || spec.paused()) {
            return Duration.ZERO;
        }
        Duration left = spec.progressDeadline().minus(Duration.between(progressedAt(deployment, status, now), now));
        return left.isNegative() ? Duration.ZERO : left.plusSeconds(1);
    }

    private static void progress(
            Resource deployment, DeploymentSpec spec, ObjectNode status, String currentName, Instant now) {
        Instant progressed = progressedAt(deployment, status, now);
        boolean complete = complete(spec, status);
        boolean late = !complete && Duration.between(progressed, now).compareTo(spec.progressDeadline()) > 0;
        String set = "ReplicaSet \"" + currentName + "\" ";
        String word = "True";
        String reason = "ReplicaSetUpdated";
        String message = set + "is progressing.";
        if (spec.paused()) {
            word = "Unknown";
            reason = "DeploymentPaused";
            message = "Deployment is paused";
        } else if (complete) {
            reason = "NewReplicaSetAvailable";
            message = set + "has successfully progressed.";
        } else if (late) {
            word = "False";
            reason = "ProgressDeadlineExceeded";
            message = set + "has timed out progressing.";
        }
        condition(deployment, status.withArrayProperty("conditions"), "Progressing", word, now)
                .put(
                        "lastUpdateTime",
                        progressed.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("reason", reason)
                .put("message", message);
    }

    static boolean complete(DeploymentSpec spec, ObjectNode status) {
        int wanted = spec.replicas();
        return status.path("updatedReplicas").asInt() == wanted
                && status.path("replicas").asInt() == wanted
                && status.path("availableReplicas").asInt() == wanted;
    }

    /** When the numbers last moved. */
    private static Instant progressedAt(Resource deployment, ObjectNode status, Instant now) {
        JsonNode before = deployment.at("/status");
        boolean same =
                List.of("observedGeneration", "updatedReplicas", "readyReplicas", "availableReplicas", "replicas")
                        .stream()
                        .allMatch(field -> before.path(field).asLong(-1)
                                == status.path(field).asLong(-1));
        String time = before(deployment, "Progressing").path("lastUpdateTime").asString("");
        return same && !time.isEmpty() ? Instant.parse(time) : now;
    }

    private static ObjectNode condition(
            Resource deployment, ArrayNode conditions, String type, String word, Instant now) {
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
