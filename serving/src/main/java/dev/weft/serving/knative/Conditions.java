package dev.weft.serving.knative;

import dev.weft.resources.Resource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes {@code status.conditions}; a condition that stays as it is keeps its time. */
final class Conditions {

    static final String READY = "Ready";

    private Conditions() {}

    /** The condition as the resource has it; {@code Unknown} where it has none. */
    static Condition of(Resource resource, String type) {
        for (JsonNode condition : resource.at("/status/conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return new Condition(
                        type,
                        condition.path("status").asString("Unknown"),
                        condition.path("reason").asString(""),
                        condition.path("message").asString(""));
            }
        }
        return Condition.unknown(type, "", "");
    }

    static boolean ready(Resource resource) {
        return of(resource, READY).isTrue();
    }

    /** {@code Ready}, as Knative's living conditions say it: false if any is, true if all are. */
    static Condition ready(List<Condition> dependents) {
        return dependents.stream()
                .filter(Condition::isFalse)
                .findFirst()
                .or(() -> dependents.stream()
                        .filter(condition -> !condition.isTrue())
                        .findFirst())
                .map(condition -> condition.as(READY))
                .orElse(Condition.yes(READY));
    }

    /** A status with these conditions, sorted by type as Knative does, for the resource's generation. */
    static ObjectNode status(Resource resource, List<Condition> conditions, Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ArrayNode list = status.putArray("conditions");
        Map<String, Condition> sorted = new TreeMap<>();
        conditions.forEach(condition -> sorted.put(condition.type(), condition));
        sorted.values().forEach(condition -> write(resource, condition, now, list.addObject()));
        status.set("observedGeneration", resource.at("/metadata/generation").deepCopy());
        return status;
    }

    private static void write(Resource resource, Condition condition, Instant now, ObjectNode json) {
        json.put("lastTransitionTime", changedAt(resource, condition, now));
        if (!condition.message().isEmpty()) {
            json.put("message", condition.message());
        }
        if (!condition.reason().isEmpty()) {
            json.put("reason", condition.reason());
        }
        json.put("status", condition.status());
        json.put("type", condition.type());
    }

    private static String changedAt(Resource resource, Condition condition, Instant now) {
        for (JsonNode old : resource.at("/status/conditions")) {
            boolean same = old.path("type").asString("").equals(condition.type())
                    && old.path("status").asString("").equals(condition.status());
            if (same) {
                return old.path("lastTransitionTime").asString("");
            }
        }
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
