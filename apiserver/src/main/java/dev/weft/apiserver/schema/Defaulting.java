package dev.weft.apiserver.schema;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts in what a schema says when a document does not. A null counts as not said where the schema takes no nulls. */
public final class Defaulting {

    private Defaulting() {}

    /** Changes the document; doing it twice changes nothing. */
    public static void of(JsonNode schema, JsonNode document) {
        if (document instanceof ObjectNode object) {
            List<String> nulls = new ArrayList<>();
            schema.path("properties").forEachEntry((name, part) -> {
                JsonNode value = object.get(name);
                boolean absent = value == null
                        || (value.isNull() && !part.path("nullable").asBoolean(false) && part.has("default"));
                if (absent && part.has("default")) {
                    object.set(name, part.get("default").deepCopy());
                } else if (value != null
                        && value.isNull()
                        && !part.path("nullable").asBoolean(false)) {
                    nulls.add(name);
                }
                if (object.has(name)) {
                    of(part, object.get(name));
                }
            });
            object.remove(nulls);
            JsonNode others = schema.path("additionalProperties");
            object.forEachEntry((name, value) -> {
                if (!schema.path("properties").has(name)) {
                    of(others, value);
                }
            });
        } else if (document.isArray()) {
            document.forEach(item -> of(schema.path("items"), item));
        }
    }
}
