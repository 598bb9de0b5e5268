package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Label selectors as documents write them: {@code matchLabels} and {@code matchExpressions}. An empty one matches everything. */
public final class LabelSelector {

    private static final List<String> WITH_VALUES = List.of("In", "NotIn");
    private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");

    private LabelSelector() {}

    /** Notes what is wrong with one. */
    public static boolean check(Fields selector) {
        selector.textMap("matchLabels");
        selector.objects("matchExpressions", expression -> {
            expression.requiredText("key");
            expression.requiredText("operator");
            String operator = expression.word("operator", OPERATORS).orElse("");
            List<String> values = expression.texts("values");
            if (WITH_VALUES.contains(operator) && values.isEmpty()) {
                expression.missing("values", "a list with at least one value");
            } else if (!WITH_VALUES.contains(operator) && !operator.isEmpty() && !values.isEmpty()) {
                expression.invalid("values", "may not be said with " + operator + ".", "Remove them.");
            }
            return values;
        });
        return true;
    }

    public static boolean matches(JsonNode selector, Map<String, String> labels) {
        boolean all = selector.path("matchLabels")
                .propertyStream()
                .allMatch(wanted -> wanted.getValue().asString("").equals(labels.get(wanted.getKey())));
        return all && selector.path("matchExpressions").valueStream().allMatch(it -> expression(it, labels));
    }

    /** As {@code labelSelector} in queries, and as tables show it; empty for one that matches everything. */
    public static String text(JsonNode selector) {
        List<String> terms = new ArrayList<>();
        selector.path("matchLabels").forEachEntry((name, value) -> terms.add(name + "=" + value.asString("")));
        terms.sort(null);
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = expression.path("key").asString("");
            String values = "(" + String.join(",", values(expression)) + ")";
            terms.add(
                    switch (expression.path("operator").asString("")) {
                        case "In" -> key + " in " + values;
                        case "NotIn" -> key + " notin " + values;
                        case "DoesNotExist" -> "!" + key;
                        default -> key;
                    });
        }
        return String.join(",", terms);
    }

    private static boolean expression(JsonNode expression, Map<String, String> labels) {
        String key = expression.path("key").asString("");
        String value = labels.getOrDefault(key, "");
        boolean there = labels.containsKey(key);
        return switch (expression.path("operator").asString("")) {
            case "In" -> there && values(expression).contains(value);
            case "NotIn" -> !there || !values(expression).contains(value);
            case "Exists" -> there;
            case "DoesNotExist" -> !there;
            default -> false;
        };
    }

    private static List<String> values(JsonNode expression) {
        return expression
                .path("values")
                .valueStream()
                .map(it -> it.asString(""))
                .toList();
    }
}
