package dev.weft.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes out what a schema does not know. */
public final class Pruning {

    private static final Set<String> OF_EVERY_DOCUMENT = Set.of("apiVersion", "kind", "metadata");

    private final List<String> unknown = new ArrayList<>();

    private Pruning() {}

    /**
     * Changes the document.
     *
     * @return the paths of what was taken out: {@code spec.replica}
     */
    public static List<String> of(JsonNode schema, ObjectNode document) {
        Pruning pruning = new Pruning();
        pruning.object("", schema, document, true);
        return pruning.unknown;
    }

    private void value(String path, JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            object(path, schema, object, flag(schema, "x-kubernetes-embedded-resource"));
        } else if (value.isArray()) {
            int index = 0;
            for (JsonNode item : value) {
                value(path + "[" + index++ + "]", schema.path("items"), item);
            }
        }
    }

    private void object(String path, JsonNode schema, ObjectNode object, boolean resource) {
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        boolean open = flag(schema, "x-kubernetes-preserve-unknown-fields") || others.asBoolean(false);
        for (String name : List.copyOf(object.propertyNames())) {
            String at = path.isEmpty() ? name : path + "." + name;
            if (resource && OF_EVERY_DOCUMENT.contains(name)) {
                continue;
            }
            if (properties.has(name)) {
                value(at, properties.get(name), object.get(name));
            } else if (others.isObject()) {
                value(at, others, object.get(name));
            } else if (!open) {
                object.remove(name);
                unknown.add(at);
            }
        }
    }

    private static boolean flag(JsonNode schema, String name) {
        return schema.path(name).asBoolean(false);
    }
}
