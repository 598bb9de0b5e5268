package dev.weft.resources.validation;

import dev.weft.resources.reading.Fields;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Ranges of a HorizontalPodAutoscaler; its schema says what types its fields have. */
final class AutoscalerCheck {

    private static final List<String> METRICS = List.of("Resource", "ContainerResource", "Pods", "Object", "External");

    private AutoscalerCheck() {}

    static void check(Fields root) {
        JsonNode spec = root.raw("spec");
        int least = whole(root, spec, "minReplicas");
        int most = whole(root, spec, "maxReplicas");
        if (most < least) {
            root.invalid(
                    "spec.maxReplicas",
                    most + " is less than minReplicas, " + least + ".",
                    "Write at least " + least + ", or a smaller minReplicas.");
        }
        int index = 0;
        for (JsonNode metric : spec.path("metrics")) {
            String type = metric.path("type").asString("");
            String at = "spec.metrics[" + index++ + "]";
            if (!type.isEmpty() && !METRICS.contains(type)) {
                root.invalid(
                        at + ".type",
                        "\"" + type + "\" is no type.",
                        "Write one of " + String.join(", ", METRICS) + ".");
            } else if (!type.isEmpty()) {
                String field = Character.toLowerCase(type.charAt(0)) + type.substring(1);
                if (!metric.has(field)) {
                    root.invalid(at + "." + field, "is missing, though the type is " + type + ".", "Write it.");
                }
            }
        }
    }

    private static int whole(Fields root, JsonNode spec, String field) {
        JsonNode value = spec.path(field);
        if (value.isIntegralNumber() && value.asInt(0) < 1) {
            root.invalid("spec." + field, value + " is less than 1.", "Write a number of pods, at least 1.");
        }
        boolean counts = value.isIntegralNumber() && value.canConvertToInt() && value.asInt() >= 1;
        return counts ? value.asInt() : field.equals("minReplicas") ? 1 : Integer.MAX_VALUE;
    }
}
