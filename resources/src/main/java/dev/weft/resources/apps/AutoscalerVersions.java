package dev.weft.resources.apps;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * HorizontalPodAutoscalers of {@code autoscaling/v1} as they are stored, in {@code v2}, and back. What v1 cannot say stands in
 * annotations there, under the names that Kubernetes gives them.
 */
public final class AutoscalerVersions {

    private static final String OLD = "autoscaling/v1";
    private static final String NEW = "autoscaling/v2";
    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
    private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final String CURRENT = "autoscaling.alpha.kubernetes.io/current-metrics";
    private static final String CURRENT_PERCENT = "currentCPUUtilizationPercentage";
    private static final String PERCENT = "targetCPUUtilizationPercentage";

    private AutoscalerVersions() {}

    /** The document in v2; the same object when it is. */
    public static ObjectNode toStored(ObjectNode document) {
        if (!document.path("apiVersion").asString("").equals(OLD)) {
            return document;
        }
        ObjectNode json = document.deepCopy();
        json.put("apiVersion", NEW);
        ArrayNode metrics = JsonNodeFactory.instance.arrayNode();
        if (json.path("spec") instanceof ObjectNode spec) {
            JsonNode percent = spec.path(PERCENT);
            spec.remove(PERCENT);
            if (percent.isNumber()) {
                metrics.add(cpu("target", percent));
            }
            parsed(json, METRICS).forEach(metrics::add);
            if (!metrics.isEmpty()) {
                spec.set("metrics", metrics);
            }
            JsonNode behavior = parsed(json, BEHAVIOR);
            if (behavior.isObject()) {
                spec.set("behavior", behavior);
            }
        }
        if (json.path("status") instanceof ObjectNode status) {
            storeStatus(json, status);
        }
        if (json.at("/metadata/annotations") instanceof ObjectNode annotations) {
            annotations.remove(List.of(METRICS, BEHAVIOR, CONDITIONS, CURRENT));
        }
        return json;
    }

    private static void storeStatus(ObjectNode json, ObjectNode status) {
        ArrayNode current = JsonNodeFactory.instance.arrayNode();
        JsonNode percent = status.path(CURRENT_PERCENT);
        status.remove(CURRENT_PERCENT);
        if (percent.isNumber()) {
            current.add(cpu("current", percent));
        }
        parsed(json, CURRENT).forEach(current::add);
        if (!current.isEmpty()) {
            status.set("currentMetrics", current);
        }
        JsonNode conditions = parsed(json, CONDITIONS);
        if (conditions.isArray()) {
            status.set("conditions", conditions);
        }
    }

    /** A stored resource's document in v1. */
    public static ObjectNode toOld(ObjectNode stored) {
        ObjectNode json = stored.deepCopy();
        json.put("apiVersion", OLD);
        if (json.path("spec") instanceof ObjectNode spec) {
            ArrayNode others = JsonNodeFactory.instance.arrayNode();
            for (JsonNode metric : spec.path("metrics")) {
                JsonNode percent = metric.at("/resource/target/averageUtilization");
                if (metric.at("/resource/name").asString("").equals("cpu") && percent.isNumber()) {
                    spec.set(PERCENT, percent);
                } else {
                    others.add(metric);
                }
            }
            spec.remove("metrics");
            annotate(json, METRICS, others);
            annotate(json, BEHAVIOR, spec.path("behavior"));
            spec.remove("behavior");
        }
        if (json.path("status") instanceof ObjectNode status) {
            annotate(json, CONDITIONS, status.path("conditions"));
            ArrayNode others = JsonNodeFactory.instance.arrayNode();
            for (JsonNode metric : status.path("currentMetrics")) {
                JsonNode percent = metric.at("/resource/current/averageUtilization");
                if (metric.at("/resource/name").asString("").equals("cpu") && percent.isNumber()) {
                    status.set(CURRENT_PERCENT, percent);
                } else {
                    others.add(metric);
                }
            }
            annotate(json, CURRENT, others);
            status.remove(List.of("conditions", "currentMetrics"));
        }
        return json;
    }

    /** @param side {@code target} or {@code current} */
    private static ObjectNode cpu(String side, JsonNode percent) {
        ObjectNode metric = JsonNodeFactory.instance.objectNode().put("type", "Resource");
        ObjectNode value = metric.putObject("resource").put("name", "cpu").putObject(side);
        if (side.equals("target")) {
            value.put("type", "Utilization");
        }
        value.set("averageUtilization", percent);
        return metric;
    }

    private static void annotate(ObjectNode json, String name, JsonNode value) {
        if (!value.isEmpty()) {
            json.withObject("/metadata").withObjectProperty("annotations").put(name, value.toString());
        }
    }

    /** Of an annotation; what is no JSON is nothing. */
    private static JsonNode parsed(ObjectNode json, String name) {
        String text = json.at("/metadata/annotations").path(name).asString("");
        try {
            return text.isEmpty()
                    ? JsonNodeFactory.instance.missingNode()
                    : JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }
}
