package dev.weft.resources.schema;

import dev.weft.resources.reading.Names;
import dev.weft.resources.schema.FieldType.ListOf;
import dev.weft.resources.schema.FieldType.MapOf;
import dev.weft.resources.schema.FieldType.Named;
import dev.weft.resources.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What a schema finds in one document: fields that the kind does not have, and fields that hold something else than they
 * may. A null counts as a field that is not there. Of each sort {@value #TOLD_MAX} are told at most: what was meant by a
 * name takes long to find out.
 */
public final class Findings {

    /** How many of each sort are told. */
    public static final int TOLD_MAX = 50;

    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

    /**
     * One of them.
     *
     * @param path as messages write it: {@code spec.ports[0].port}
     * @param message what was found; completes the sentence that begins with the path
     */
    public record Finding(String path, String message, String remedy) {}

    private record Unknown(String path, String name, ObjectType type, JsonNode value) {

        /** The same field of the same object, wherever in its list that is. */
        Place place() {
            return new Place(INDEX.matcher(path).replaceAll("[]"), value);
        }

        Finding told() {
            String remedy = Names.nearest(name, type.fields().keySet())
                    .map(near -> "Did you mean " + near + "?")
                    .orElse("Remove it.");
            return new Finding(path, " is no field of this kind.", remedy);
        }
    }

    private record Place(String path, JsonNode value) {}

    private final List<Unknown> unknown;
    private final List<Finding> mistyped;

    private Findings(List<Unknown> unknown, List<Finding> mistyped) {
        this.unknown = unknown;
        this.mistyped = mistyped;
    }

    public static Findings of(ObjectType kind, JsonNode document) {
        Findings findings = new Findings(new ArrayList<>(), new ArrayList<>());
        findings.object("", kind, document);
        return findings;
    }

    /** Without the unknown fields that were there before, with the same value. */
    public Findings since(Findings before) {
        Set<Place> places = before.unknown.stream().map(Unknown::place).collect(Collectors.toSet());
        return new Findings(
                unknown.stream().filter(it -> !places.contains(it.place())).toList(), mistyped);
    }

    /** With those unknown fields alone whose paths are such. */
    public Findings at(Predicate<String> path) {
        return new Findings(unknown.stream().filter(it -> path.test(it.path())).toList(), mistyped);
    }

    /** The first of the fields that the kind does not have. */
    public List<Finding> unknown() {
        return unknown.stream().limit(TOLD_MAX).map(Unknown::told).toList();
    }

    /** The paths of all of them. */
    public List<String> unknownPaths() {
        return unknown.stream().map(Unknown::path).toList();
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
                unknown.add(new Unknown(below, name, type, value));
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
        if (mistyped.size() == TOLD_MAX) {
            return;
        }
        String shown = value.toString();
        String found = shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
        mistyped.add(new Finding(path, ": " + found + " is not " + expected + ".", remedy));
    }
}
