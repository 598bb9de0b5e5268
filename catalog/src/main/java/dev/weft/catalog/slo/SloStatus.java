package dev.weft.catalog.slo;

import dev.weft.resources.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes what became of an SLO as its {@code status}. Pure. */
final class SloStatus {

    /**
     * A condition before its time of transition is known.
     *
     * @param status {@code True}, {@code False} or {@code Unknown}
     */
    record Condition(String type, String status, String reason, String message) {}

    private SloStatus() {}

    /** Of an SLO that is not computed. */
    static ObjectNode refused(Resource resource, String reason, String message, Instant now) {
        return status(resource, List.of(new Condition("Ready", "False", reason, message)), now);
    }

    static ObjectNode computed(Resource resource, List<ObjectiveState> states, String remark, Instant now) {
        boolean data = states.stream().anyMatch(state -> state.budget().total() > 0);
        Condition ready = new Condition(
                "Ready",
                "True",
                data ? "Computed" : "NoTraffic",
                data ? "Computed from counted requests." + remark : "No request was counted yet." + remark);
        Optional<ObjectiveState> spent = states.stream()
                .filter(state -> !state.budget().met().orElse(true))
                .findFirst();
        Condition budget;
        if (!data) {
            budget = new Condition("BudgetLeft", "Unknown", "NoTraffic", "Without requests there is nothing to judge.");
        } else if (spent.isPresent()) {
            Budget of = spent.get().budget();
            budget = new Condition(
                    "BudgetLeft",
                    "False",
                    "BudgetSpent",
                    spent.get().name() + ": " + of.bad() + " of " + of.total() + " requests were bad, "
                            + of.allowed().stripTrailingZeros().toPlainString() + " are allowed.");
        } else {
            budget = new Condition("BudgetLeft", "True", "WithinBudget", "Every objective has error budget left.");
        }
        ObjectNode status = status(resource, List.of(ready, budget), now);
        ArrayNode objectives = status.putArray("objectives");
        states.forEach(state -> objectives.add(SloJson.numbers(state)));
        return status;
    }

    /** Whether both say the same of every condition; numbers aside. */
    static boolean sameConditions(JsonNode left, JsonNode right) {
        return left.path("conditions").equals(right.path("conditions"))
                && left.path("observedGeneration").equals(right.path("observedGeneration"));
    }

    private static ObjectNode status(Resource resource, List<Condition> conditions, Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", resource.generation());
        ArrayNode array = status.putArray("conditions");
        for (Condition condition : conditions) {
            array.addObject()
                    .put("type", condition.type())
                    .put("status", condition.status())
                    .put("reason", condition.reason())
                    .put("message", condition.message())
                    .put("lastTransitionTime", since(resource, condition, now));
        }
        return status;
    }

    private static String since(Resource resource, Condition condition, Instant now) {
        for (JsonNode old : resource.at("/status/conditions")) {
            boolean same = old.path("type").asString("").equals(condition.type())
                    && old.path("status").asString("").equals(condition.status());
            if (same && old.path("lastTransitionTime").isString()) {
                return old.path("lastTransitionTime").asString();
            }
        }
        return now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }
}
