package dev.weft.runtime.autoscale;

import dev.weft.resources.Resource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An autoscaler's status while it is made. One reconciliation's own. */
final class ScalerStatus {

    private final JsonNode before;
    private final String now;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final ArrayNode conditions;
    private final ArrayNode metrics = JsonNodeFactory.instance.arrayNode();

    ScalerStatus(Resource scaler, Instant now) {
        this.before = scaler.at("/status");
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
        json.put("observedGeneration", scaler.generation());
        if (before.has("lastScaleTime")) {
            json.set("lastScaleTime", before.path("lastScaleTime"));
        }
        this.conditions = json.putArray("conditions");
    }

    void replicas(int current, int desired) {
        json.put("currentReplicas", current).put("desiredReplicas", desired);
    }

    void scaled() {
        json.put("lastScaleTime", now);
    }

    void metric(ScalerSpec.Metric metric, Proposal proposal) {
        boolean container = !metric.container().isEmpty();
        ObjectNode body = metrics.addObject()
                .put("type", metric.type())
                .putObject(container ? "containerResource" : "resource")
                .put("name", metric.name());
        if (container) {
            body.put("container", metric.container());
        }
        ObjectNode current = body.putObject("current");
        current.put(
                "averageValue",
                metric.name().equals("cpu") ? proposal.average() + "m" : Long.toString(proposal.average() / 1_000));
        if (metric.utilization() > 0) {
            current.put("averageUtilization", proposal.utilization());
        }
    }

    void condition(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        String since = now;
        for (JsonNode old : before.path("conditions")) {
            if (old.path("type").asString("").equals(type)
                    && old.path("status").asString("").equals(status)) {
                since = old.path("lastTransitionTime").asString(now);
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", since);
    }

    ObjectNode json() {
        if (!metrics.isEmpty()) {
            json.set("currentMetrics", metrics);
        }
        return json;
    }
}
