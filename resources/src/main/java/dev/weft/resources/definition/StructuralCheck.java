package dev.weft.resources.definition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weft.resources.reading.Fields;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/** Whether a schema is structural: every field has a type, and nothing depends on logic that cannot be pruned by. */
final class StructuralCheck {

    private static final Set<String> TYPES = Set.of("object", "array", "string", "integer", "number", "boolean");
    private static final List<String> LOGIC = List.of("allOf", "anyOf", "oneOf");
    private static final int DEPTH_MAX = 100;

    private final Fields version;

    private StructuralCheck(Fields version) {
        this.version = version;
    }

    static void of(Fields version, JsonNode schema) {
        StructuralCheck check = new StructuralCheck(version);
        String path = "schema.openAPIV3Schema";
        if (!schema.isEmpty() && !schema.path("type").asString("").equals("object")) {
            version.invalid(path + ".type", "must be object at the root.", "Write type: object.");
        }
        check.node(path, schema, 0);
    }

    private void node(String path, JsonNode schema, int depth) {
        if (!schema.isObject() || depth > DEPTH_MAX) {
            return;
        }
        type(path, schema);
        if (schema.has("properties") && schema.has("additionalProperties")) {
            version.invalid(
                    path + ".additionalProperties",
                    "cannot stand beside properties.",
                    "Keep one of them: properties for known names, additionalProperties for any.");
        }
        values(path, schema);
        list(path, schema);
        schema.path("properties")
                .forEachEntry((name, part) -> node(path + ".properties[" + name + "]", part, depth + 1));
        node(path + ".additionalProperties", schema.path("additionalProperties"), depth + 1);
        node(path + ".items", schema.path("items"), depth + 1);
        logic(path, schema, depth);
    }

    private void logic(String path, JsonNode schema, int depth) {
        for (String word : LOGIC) {
            int index = 0;
            for (JsonNode part : schema.path(word)) {
                part(path + "." + word + "[" + index++ + "]", part, depth + 1);
            }
        }
        part(path + ".not", schema.path("not"), depth + 1);
    }

    /** What stands below logic only forbids: it needs no types. */
    private void part(String path, JsonNode schema, int depth) {
        if (!schema.isObject() || depth > DEPTH_MAX) {
            return;
        }
        values(path, schema);
        schema.path("properties")
                .forEachEntry((name, part) -> part(path + ".properties[" + name + "]", part, depth + 1));
        part(path + ".additionalProperties", schema.path("additionalProperties"), depth + 1);
        part(path + ".items", schema.path("items"), depth + 1);
        logic(path, schema, depth);
    }

    /** What a text or a number is held against. */
    private void values(String path, JsonNode schema) {
        pattern(path, schema);
        JsonNode step = schema.path("multipleOf");
        if (step instanceof NumericNode number
                && !number.isNaN()
                && number.decimalValue().signum() <= 0) {
            version.invalid(path + ".multipleOf", step + " is not more than 0.", "Write for example 1.");
        }
        for (String bound : List.of("minimum", "maximum", "multipleOf")) {
            if (schema.path(bound) instanceof NumericNode number && number.isNaN()) {
                version.invalid(path + "." + bound, "is too large for a number.", "Write one that is finite.");
            }
        }
    }

    private void type(String path, JsonNode schema) {
        String type = schema.path("type").asString("");
        boolean free = schema.path("x-kubernetes-int-or-string").asBoolean(false)
                || schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
        if (type.isEmpty() && !free) {
            version.invalid(
                    path + ".type", "is missing: every field of a schema needs one.", "Write type: string, say.");
        } else if (!type.isEmpty() && !TYPES.contains(type)) {
            version.invalid(path + ".type", "\"" + type + "\" is no type.", "Write one of " + TYPES + ".");
        }
        if (type.equals("array") && !schema.path("items").isObject()) {
            version.invalid(path + ".items", "is missing: a list needs a schema for its items.", "Write items: {…}.");
        }
    }

    private void pattern(String path, JsonNode schema) {
        String pattern = schema.path("pattern").asString("");
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            version.invalid(path + ".pattern", "\"" + pattern + "\": " + e.getDescription() + ".", "See RE2's syntax.");
        }
    }

    private void list(String path, JsonNode schema) {
        boolean map = schema.path("x-kubernetes-list-type").asString("").equals("map");
        JsonNode keys = schema.path("x-kubernetes-list-map-keys");
        if (map && keys.isEmpty()) {
            version.invalid(
                    path + ".x-kubernetes-list-map-keys",
                    "is missing: a list of type map needs the keys of its items.",
                    "Name the fields that tell its items apart.");
        }
        for (JsonNode key : keys) {
            if (!schema.at("/items/properties").has(key.asString(""))) {
                version.invalid(
                        path + ".x-kubernetes-list-map-keys",
                        "\"" + key.asString("") + "\" is no property of its items.",
                        "Name properties of items.");
            }
        }
    }
}
