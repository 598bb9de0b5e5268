package dev.weft.apiserver.kinds;

import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What an autoscaler measures and what it aims at, in one cell: {@code cpu: 12%/80%}. */
final class AutoscalerTargets {

    private AutoscalerTargets() {}

    static String of(Resource scaler) {
        List<String> cells = new ArrayList<>();
        JsonNode current = scaler.at("/status/currentMetrics");
        int index = 0;
        for (JsonNode metric : scaler.at("/spec/metrics")) {
            String field = metric.has("containerResource") ? "containerResource" : "resource";
            cells.add(cell(metric.path(field), current.path(index++).path(field).path("current")));
        }
        return cells.isEmpty() ? "<none>" : String.join(", ", cells);
    }

    private static String cell(JsonNode resource, JsonNode current) {
        JsonNode target = resource.path("target");
        boolean percent = target.has("averageUtilization");
        String field = percent ? "averageUtilization" : "averageValue";
        String unit = percent ? "%" : "";
        String now = current.has(field) ? current.path(field).asString("") + unit : "<unknown>";
        return resource.path("name").asString("") + ": " + now + "/"
                + target.path(field).asString("") + unit;
    }
}
