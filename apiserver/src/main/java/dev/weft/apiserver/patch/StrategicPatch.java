package dev.weft.apiserver.patch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes' strategic merge patch: a merge patch in which keyed lists are merged item by item, with the directives
 * {@code $patch}, {@code $retainKeys}, {@code $deleteFromPrimitiveList} and {@code $setElementOrder}.
 */
public final class StrategicPatch {

    private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
    private static final String ORDER = "$setElementOrder/";

    private StrategicPatch() {}

    public static ObjectNode apply(ObjectNode document, JsonNode patch) {
        if (!patch.isObject()) {
            throw new PatchException("a strategic merge patch has to be a JSON object");
        }
        return object("", document, patch);
    }

    private static ObjectNode object(String around, JsonNode target, JsonNode patch) {
        ObjectNode merged =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        String directive = patch.path("$patch").asString("merge");
        if (directive.equals("delete")) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (directive.equals("replace")) {
            merged.removeAll();
        }
        if (patch.path("$retainKeys") instanceof ArrayNode retained) {
            Set<String> names = strings(retained);
            List.copyOf(merged.propertyNames()).stream()
                    .filter(name -> !names.contains(name))
                    .forEach(merged::remove);
        }
        patch.forEachEntry((name, value) -> field(around, merged, name, value));
        patch.forEachEntry((name, value) -> {
            if (name.startsWith(ORDER) && merged.path(name.substring(ORDER.length())) instanceof ArrayNode list) {
                String field = name.substring(ORDER.length());
                merged.set(field, ordered(list, value, ListKeys.of(around, field)));
            }
        });
        return merged;
    }

    private static void field(String around, ObjectNode merged, String name, JsonNode value) {
        if (name.startsWith(DELETE_FROM)) {
            String field = name.substring(DELETE_FROM.length());
            Set<String> gone = value instanceof ArrayNode list ? strings(list) : Set.of();
            if (merged.path(field) instanceof ArrayNode list) {
                ArrayNode left = JsonNodeFactory.instance.arrayNode();
                list.forEach(item -> {
                    if (!gone.contains(item.asString(""))) {
                        left.add(item);
                    }
                });
                merged.set(field, left);
            }
        } else if (name.startsWith("$")) {
            return; // directives are done elsewhere
        } else if (value.isNull()) {
            merged.remove(name);
        } else if (value.isObject()) {
            if (value.path("$patch").asString("").equals("delete")) {
                merged.remove(name);
            } else {
                merged.set(name, object(name, merged.path(name), value));
            }
        } else if (value instanceof ArrayNode list) {
            merged.set(name, list(around, name, merged.path(name), list));
        } else {
            merged.set(name, value.deepCopy());
        }
    }

    private static ArrayNode list(String around, String name, JsonNode target, ArrayNode patch) {
        Optional<String> key = ListKeys.of(around, name);
        boolean replaced = patch.valueStream()
                .anyMatch(item -> item.path("$patch").asString("").equals("replace"));
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        if (!replaced && (key.isPresent() || ListKeys.isSet(name))) {
            target.forEach(item -> merged.add(item.deepCopy()));
        }
        for (JsonNode item : patch) {
            if (key.isPresent() && item.isObject()) {
                item(name, merged, item, key.get());
            } else if (!ListKeys.isSet(name) || merged.valueStream().noneMatch(item::equals)) {
                merged.add(item.deepCopy());
            }
        }
        return merged;
    }

    private static void item(String name, ArrayNode merged, JsonNode item, String key) {
        String directive = item.path("$patch").asString("merge");
        if (directive.equals("replace") && item.size() == 1) {
            return; // the marker that the whole list is replaced
        }
        if (!item.has(key)) {
            throw new PatchException("an item of " + name + " has no " + key);
        }
        int at = find(merged, key, item.path(key).asString(""));
        if (directive.equals("delete")) {
            if (at >= 0) {
                merged.remove(at);
            }
        } else if (at >= 0) {
            merged.set(at, object(name, merged.get(at), item));
        } else {
            merged.add(object(name, JsonNodeFactory.instance.objectNode(), item));
        }
    }

    /** What the order names first, in that order; then the rest as it was. */
    private static ArrayNode ordered(ArrayNode list, JsonNode order, Optional<String> key) {
        List<JsonNode> left = new ArrayList<>();
        list.forEach(left::add);
        ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
        for (JsonNode wanted : order) {
            String name = value(wanted, key);
            left.stream()
                    .filter(item -> value(item, key).equals(name))
                    .findFirst()
                    .ifPresent(item -> {
                        ordered.add(item);
                        left.remove(item);
                    });
        }
        left.forEach(ordered::add);
        return ordered;
    }

    private static String value(JsonNode item, Optional<String> key) {
        return key.map(item::path).orElse(item).asString("");
    }

    private static int find(ArrayNode list, String key, String value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path(key).asString("").equals(value)) {
                return i;
            }
        }
        return -1;
    }

    private static Set<String> strings(ArrayNode list) {
        Set<String> strings = new HashSet<>();
        list.forEach(item -> strings.add(item.asString("")));
        return strings;
    }
}
