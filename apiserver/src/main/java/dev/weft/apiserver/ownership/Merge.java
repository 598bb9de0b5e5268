package dev.weft.apiserver.ownership;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts an applied document into the one that there is, and takes out of it what was applied before and is no more. */
final class Merge {

    private Merge() {}

    /** The live value with everything that the applied one says. */
    static JsonNode of(Shape shape, JsonNode live, JsonNode applied) {
        Optional<Map<String, JsonNode>> old = Elements.of(shape, live);
        Optional<Map<String, JsonNode>> wanted = Elements.of(shape, applied);
        boolean alike = live.getNodeType() == applied.getNodeType();
        if (!alike || old.isEmpty() || wanted.isEmpty()) {
            return applied.deepCopy();
        }
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        for (String element : order(old.get(), wanted.get())) {
            JsonNode part = wanted.get().get(element);
            JsonNode there = old.get().get(element);
            if (part == null && there != null) {
                merged.put(element, there.deepCopy());
            } else if (part != null) {
                Shape below = Elements.below(shape, element);
                merged.put(element, there == null ? part.deepCopy() : of(below, there, part));
            }
        }
        return assembled(live, merged);
    }

    /**
     * The value without what is in one set and has no part in the other.
     *
     * @param kept places of which nothing is taken away, nor around them
     */
    static JsonNode without(Shape shape, JsonNode value, FieldSet taken, FieldSet kept) {
        Optional<Map<String, JsonNode>> parts = Elements.of(shape, value);
        if (parts.isEmpty() || taken.below().isEmpty()) {
            return value;
        }
        Map<String, JsonNode> left = new LinkedHashMap<>();
        parts.get().forEach((element, part) -> {
            FieldSet gone = taken.below(element);
            FieldSet stays = kept.below(element);
            if (gone.isEmpty()) {
                left.put(element, part);
            } else if (!gone.here() || !stays.isEmpty()) {
                JsonNode rest = without(Elements.below(shape, element), part, gone, stays);
                boolean emptied = rest.isContainer() && rest.isEmpty() && !part.isEmpty();
                if (!emptied || !stays.isEmpty()) {
                    left.put(element, rest);
                }
            }
        });
        return assembled(value, left);
    }

    /** The applied order; what is only in the live one stays before what it stood before. */
    private static List<String> order(Map<String, JsonNode> live, Map<String, JsonNode> applied) {
        List<String> before = List.copyOf(live.keySet());
        SequencedSet<String> order = new LinkedHashSet<>();
        int next = 0;
        for (String element : applied.keySet()) {
            while (next < before.size()
                    && (order.contains(before.get(next)) || !applied.containsKey(before.get(next)))) {
                order.add(before.get(next++));
            }
            order.add(element);
        }
        order.addAll(before.subList(next, before.size()));
        return List.copyOf(order);
    }

    private static JsonNode assembled(JsonNode like, Map<String, JsonNode> parts) {
        if (like.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            parts.forEach((element, part) -> object.set(element.substring(2), part));
            return object;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        parts.values().forEach(list::add);
        return list;
    }
}
