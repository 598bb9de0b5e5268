package dev.weft.resources.schema;

import dev.weft.resources.reading.Names;
import dev.weft.resources.schema.FieldType.ListOf;
import dev.weft.resources.schema.FieldType.MapOf;
import dev.weft.resources.schema.FieldType.Named;
import dev.weft.resources.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a schema finds in one document: fields that the kind does not have, and fields that hold something else than they
 * may. A null counts as a field that is not there.
 */
public final class Findings {

    /**
     * One of them.
     *
     * @param path as messages write it: {@code spec.ports[0].port}
     * @param message what was found; completes the sentence that begins with the path
     */
    public record Finding(String path, String message, String remedy) {}

    private final List<Finding> unknown = new ArrayList<>();
    private final List<Finding> mistyped = new ArrayList<>();

    private Findings() {}

    public static Findings of(ObjectType kind, JsonNode document) {
        Findings findings = new Findings();
        findings.object("", kind, document);
        return findings;
    }

    public List<Finding> unknown() {
        return List.copyOf(unknown);
    }

    public List<Finding> mistyped() {
        return List.copyOf(mistyped);
    }

    private void object(String path, ObjectType type, JsonNode object) {
        object.forEachEntry((name, value) -> {
            String below = path.isEmpty() ? name : path + "." + name;
            ObjectType.Field field = type.fields().get(name);
            if (field != null) {
                value(below, field.type(), value);
            } else {
                String remedy = Names.nearest(name, type.fields().keySet())
                        .map(near -> "Did you mean " + near + "?")
                        .orElse("Remove it; known here: "
                                + String.join(", ", type.fields().keySet()) + ".");
                unknown.add(new Finding(below, " is no field of this kind.", remedy));
            }
        });
    }

    private void value(String path, FieldType type, JsonNode value) {
        if (value.isNull()) {
            return;
        }
        switch (type) {
            case Scalar scalar -> scalar(path, scalar, value);
            case ListOf list
            when value.isArray() -> {
                int index = 0;
                for (JsonNode item : value) {
                    value(path + "[" + index++ + "]", list.item(), item);
                }
            }
            case MapOf map
            when value.isObject() -> value.forEachEntry((name, item) -> value(path + "." + name, map.value(), item));
            case Named named when value.isObject() -> object(path, KindSchemas.type(named.type()), value);
            case ListOf list -> wrong(path, value, "a list", "Begin each item with a dash.");
            case MapOf map -> wrong(path, value, "a mapping", "Write its fields on the lines below, indented.");
            case Named named -> wrong(path, value, "a mapping", "Write its fields on the lines below, indented.");
        }
    }

    private void scalar(String path, Scalar type, JsonNode value) {
        switch (type) {
            case STRING, TIME -> {
                if (!value.isString()) {
                    wrong(path, value, "a text", "Quote it.");
                }
            }
            case INTEGER -> {
                if (!value.isIntegralNumber()) {
                    wrong(path, value, "an integer", "Write an integer, without quotes.");
                }
            }
            case NUMBER -> {
                if (!value.isNumber()) {
                    wrong(path, value, "a number", "Write a number, without quotes.");
                }
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    wrong(path, value, "true or false", "Write true or false, without quotes.");
                }
            }
            case QUANTITY, INT_OR_STRING -> {
                if (!value.isNumber() && !value.isString()) {
                    wrong(path, value, "a number or a text", "Write for example 1 or \"25%\".");
                }
            }
            case ANY -> {}
        }
    }

    private void wrong(String path, JsonNode value, String expected, String remedy) {
        String shown = value.toString();
        String found = shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
        mistyped.add(new Finding(path, ": " + found + " is not " + expected + ".", remedy));
    }
}
