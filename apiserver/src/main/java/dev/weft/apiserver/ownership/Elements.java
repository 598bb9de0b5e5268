package dev.weft.apiserver.ownership;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The parts of a document, named as {@code managedFields} names them: {@code f:FIELD}, {@code k:{KEYS}}, {@code v:VALUE}. */
final class Elements {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Elements() {}

    static String field(String name) {
        return "f:" + name;
    }

    /**
     * What can be owned separately in a value.
     *
     * @return empty for a value that is owned as a whole: a scalar, an atomic object or list, or a list whose items
     *     cannot be told apart
     */
    static Optional<Map<String, JsonNode>> of(Shape shape, JsonNode value) {
        return switch (value) {
            case ObjectNode object
            when !shape.atomic() -> {
                Map<String, JsonNode> fields = new LinkedHashMap<>();
                object.forEachEntry((name, field) -> fields.put(field(name), field));
                yield Optional.of(fields);
            }
            case ArrayNode list -> items(shape.items(), list);
            default -> Optional.empty();
        };
    }

    /** The shape of a part. */
    static Shape below(Shape shape, String element) {
        return element.startsWith("f:") ? shape.field(element.substring(2)) : shape.item();
    }

    /** The part as messages show it: {@code .spec}, {@code [name="web"]}, {@code [="x"]}. */
    static String shown(String element) {
        String rest = element.substring(2);
        if (element.startsWith("f:")) {
            return "." + rest;
        }
        if (element.startsWith("v:")) {
            return "[=" + rest + "]";
        }
        StringBuilder keys = new StringBuilder();
        JSON.readTree(rest)
                .forEachEntry((name, value) -> keys.append(keys.isEmpty() ? "" : ",")
                        .append(name)
                        .append('=')
                        .append(value));
        return "[" + keys + "]";
    }

    private static Optional<Map<String, JsonNode>> items(Shape.Items items, ArrayNode list) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        for (JsonNode item : list) {
            Optional<String> element = element(items, item);
            if (element.isEmpty() || elements.put(element.get(), item) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(elements);
    }

    private static Optional<String> element(Shape.Items items, JsonNode item) {
        return switch (items) {
            case Shape.Items.Whole whole -> Optional.empty();
            case Shape.Items.Values values -> Optional.of("v:" + item);
            case Shape.Items.Keyed keyed -> {
                ObjectNode key = JsonNodeFactory.instance.objectNode();
                for (String name : keyed.fields()) {
                    JsonNode value =
                            item.has(name) ? item.get(name) : keyed.defaults().get(name);
                    if (value == null) {
                        yield Optional.empty();
                    }
                    key.set(name, value);
                }
                yield Optional.of("k:" + key);
            }
        };
    }
}
