package dev.weft.apiserver.admission;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Label selectors as documents write them; an empty one matches everything. */
final class Labels {

    private Labels() {}

    static boolean match(JsonNode selector, Map<String, String> labels) {
        boolean all = selector.path("matchLabels")
                .propertyStream()
                .allMatch(wanted -> wanted.getValue().asString("").equals(labels.get(wanted.getKey())));
        return all && selector.path("matchExpressions").valueStream().allMatch(it -> expression(it, labels));
    }

    private static boolean expression(JsonNode expression, Map<String, String> labels) {
        String key = expression.path("key").asString("");
        String value = labels.getOrDefault(key, "");
        List<String> values = expression
                .path("values")
                .valueStream()
                .map(it -> it.asString(""))
                .toList();
        boolean there = labels.containsKey(key);
        return switch (expression.path("operator").asString("")) {
            case "In" -> there && values.contains(value);
            case "NotIn" -> !there || !values.contains(value);
            case "Exists" -> there;
            case "DoesNotExist" -> !there;
            default -> false;
        };
    }
}
