package dev.weft.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The simple JSONPath of printer columns: {@code .spec.list[0].name}, {@code .items[*].name}, {@code ['a.b']}, and {@code
 * .status.conditions[?(@.type=="Ready")].status}.
 */
final class JsonPath {

    private static final Pattern STEP = Pattern.compile("\\.?((?:[^.\\[\\]\\\\]|\\\\.)+)|\\[([^\\]]*)\\]");
    private static final Pattern FILTER = Pattern.compile("\\?\\(@\\.([^=!\\s]+)\\s*==\\s*[\"']?([^\"']*)[\"']?\\)");

    private final List<String> steps = new ArrayList<>();

    /** What of it cannot be understood finds nothing. */
    JsonPath(String text) {
        String path = text.startsWith("$") ? text.substring(1) : text;
        Matcher matcher = STEP.matcher(path);
        while (matcher.find()) {
            String field = matcher.group(1);
            steps.add(field == null ? "[" + matcher.group(2) : field.replace("\\.", "."));
        }
    }

    /** What is there, in order. */
    List<JsonNode> in(JsonNode document) {
        List<JsonNode> found = List.of(document);
        for (String step : steps) {
            List<JsonNode> next = new ArrayList<>();
            found.forEach(node -> step(node, step, next));
            found = next;
        }
        return found;
    }

    static String text(JsonNode node) {
        return node.isContainer() ? JsonMapper.shared().writeValueAsString(node) : node.asString("");
    }

    private static void step(JsonNode node, String step, List<JsonNode> into) {
        String inside = step.startsWith("[") ? step.substring(1).strip() : "";
        Matcher filter = FILTER.matcher(inside);
        if (inside.equals("*") || step.equals("*")) {
            node.forEach(into::add);
        } else if (filter.matches()) {
            for (JsonNode item : node) {
                if (Objects.equals(text(item.path(filter.group(1))), filter.group(2))) {
                    into.add(item);
                }
            }
        } else if (inside.matches("-?[0-9]{1,9}")) {
            int index = Integer.parseInt(inside);
            JsonNode item = node.path(index < 0 ? node.size() + index : index);
            if (!item.isMissingNode()) {
                into.add(item);
            }
        } else {
            String name = inside.isEmpty() ? step : inside.replaceAll("^['\"]|['\"]$", "");
            JsonNode field = node.path(name);
            if (!field.isMissingNode()) {
                into.add(field);
            }
        }
    }
}
