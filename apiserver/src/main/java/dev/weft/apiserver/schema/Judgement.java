package dev.weft.apiserver.schema;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether a document is as its schema says. */
public final class Judgement {

    /** What holds for the metadata of every document. */
    private static final JsonNode METADATA = JsonMapper.shared().readTree("""
            {"type": "object", "properties": {
              "name": {"type": "string"}, "namespace": {"type": "string"}, "generateName": {"type": "string"},
              "labels": {"type": "object", "additionalProperties": {"type": "string"}},
              "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
              "finalizers": {"type": "array", "items": {"type": "string"}},
              "ownerReferences": {"type": "array", "items": {"type": "object",
                "required": ["apiVersion", "kind", "name", "uid"]}}}}
            """);

    private final List<Fault> faults = new ArrayList<>();

    private Judgement() {}

    /** Every fault, in the order of the schema. */
    public static List<Fault> of(JsonNode schema, JsonNode document) {
        Judgement judgement = new Judgement();
        judgement.value("metadata", METADATA, document.path("metadata"));
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        rest.setAll((ObjectNode) document);
        rest.remove("metadata");
        judgement.value("", schema, rest);
        return judgement.faults;
    }

    private void value(String path, JsonNode schema, JsonNode value) {
        if (value instanceof NumericNode number && number.isNaN()) { // 1e400: nothing can be compared with it
            faults.add(Fault.invalid(path, "number", in(path) + " is too large for a number"));
            return;
        }
        if (schema.isEmpty() || value.isMissingNode()) {
            return;
        }
        if (value.isNull() && schema.path("nullable").asBoolean(false)) {
            return;
        }
        if (!typed(path, schema, value)) {
            return;
        }
        words(path, schema, value);
        if (value.isString()) {
            text(path, schema, value.asString());
        } else if (value.isNumber()) {
            number(path, schema, value);
        } else if (value.isArray()) {
            list(path, schema, value);
        } else if (value.isObject()) {
            object(path, schema, value);
        }
        logic(path, schema, value);
    }

    private boolean typed(String path, JsonNode schema, JsonNode value) {
        String type = schema.path("type").asString("");
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return value.isString() || value.isIntegralNumber() || wrongType(path, "integer,string", value);
        }
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" ->
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        return fits || wrongType(path, type, value);
    }

    private boolean wrongType(String path, String type, JsonNode value) {
        String found = switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case NULL -> "null";
            default -> "object";
        };
        faults.add(new Fault(
                path,
                "FieldValueTypeInvalid",
                "Invalid value: \"" + found + "\": " + in(path) + " must be of type " + type + ": \"" + found + "\""));
        return false;
    }

    private void words(String path, JsonNode schema, JsonNode value) {
        JsonNode words = schema.path("enum");
        if (words.isArray() && words.valueStream().noneMatch(word -> same(word, value))) {
            String supported = words.valueStream().map(JsonNode::toString).collect(Collectors.joining(", "));
            faults.add(new Fault(
                    path,
                    "FieldValueNotSupported",
                    "Unsupported value: " + value + ": supported values: " + supported));
        }
    }

    private void text(String path, JsonNode schema, String text) {
        String shown = '"' + text + '"';
        int length = text.codePointCount(0, text.length());
        if (length > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
            faults.add(new Fault(
                    path,
                    "FieldValueTooLong",
                    "Too long: may not be more than " + schema.path("maxLength") + " bytes"));
        }
        if (length < schema.path("minLength").asInt(0)) {
            faults.add(Fault.invalid(
                    path, shown, in(path) + " should be at least " + schema.path("minLength") + " chars long"));
        }
        String pattern = schema.path("pattern").asString("");
        if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
            faults.add(Fault.invalid(path, shown, in(path) + " should match '" + pattern + "'"));
        }
        if (!Formats.fits(schema.path("format").asString(""), text)) {
            String format = schema.path("format").asString("");
            faults.add(Fault.invalid(path, shown, in(path) + " must be of type " + format + ": " + shown));
        }
    }

    private void number(String path, JsonNode schema, JsonNode value) {
        BigDecimal number = value.decimalValue();
        if (schema.path("maximum").isNumber()) {
            int order = number.compareTo(schema.get("maximum").decimalValue());
            boolean exclusive = schema.path("exclusiveMaximum").asBoolean(false);
            if (order > 0 || (order == 0 && exclusive)) {
                String than = exclusive ? "less than " : "less than or equal to ";
                faults.add(
                        Fault.invalid(path, value.toString(), in(path) + " should be " + than + schema.get("maximum")));
            }
        }
        if (schema.path("minimum").isNumber()) {
            int order = number.compareTo(schema.get("minimum").decimalValue());
            boolean exclusive = schema.path("exclusiveMinimum").asBoolean(false);
            if (order < 0 || (order == 0 && exclusive)) {
                String than = exclusive ? "greater than " : "greater than or equal to ";
                faults.add(
                        Fault.invalid(path, value.toString(), in(path) + " should be " + than + schema.get("minimum")));
            }
        }
        JsonNode step = schema.path("multipleOf");
        if (step.isNumber() && number.remainder(step.decimalValue()).signum() != 0) {
            faults.add(Fault.invalid(path, value.toString(), in(path) + " should be a multiple of " + step));
        }
    }

    private void list(String path, JsonNode schema, JsonNode list) {
        if (list.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            faults.add(new Fault(
                    path,
                    "FieldValueTooMany",
                    "Too many: " + list.size() + ": must have at most " + schema.path("maxItems") + " items"));
        }
        if (list.size() < schema.path("minItems").asInt(0)) {
            faults.add(Fault.invalid(
                    path,
                    Integer.toString(list.size()),
                    in(path) + " should have at least " + schema.path("minItems") + " items"));
        }
        int index = 0;
        Set<String> seen = new HashSet<>();
        for (JsonNode item : list) {
            String at = path + "[" + index++ + "]";
            value(at, schema.path("items"), item);
            String identity = identity(schema, item);
            if (!identity.isEmpty() && !seen.add(identity)) {
                faults.add(new Fault(at, "FieldValueDuplicate", "Duplicate value: " + identity));
            }
        }
    }

    /** What no other item may have; empty for lists that may repeat themselves. */
    private static String identity(JsonNode schema, JsonNode item) {
        return switch (schema.path("x-kubernetes-list-type").asString("")) {
            case "set" -> item.toString();
            case "map" -> {
                ObjectNode keys = JsonNodeFactory.instance.objectNode();
                schema.path("x-kubernetes-list-map-keys")
                        .forEach(key -> keys.set(key.asString(""), item.path(key.asString(""))));
                yield keys.toString();
            }
            default -> "";
        };
    }

    private void object(String path, JsonNode schema, JsonNode object) {
        for (JsonNode name : schema.path("required")) {
            if (!object.has(name.asString(""))) {
                faults.add(Fault.required(below(path, name.asString(""))));
            }
        }
        if (object.size() > schema.path("maxProperties").asInt(Integer.MAX_VALUE)) {
            faults.add(new Fault(
                    path,
                    "FieldValueTooMany",
                    "Too many: must have at most " + schema.path("maxProperties") + " items"));
        }
        if (object.size() < schema.path("minProperties").asInt(0)) {
            faults.add(Fault.invalid(
                    path, "{}", in(path) + " should have at least " + schema.path("minProperties") + " properties"));
        }
        JsonNode properties = schema.path("properties");
        properties.forEachEntry((name, part) -> value(below(path, name), part, object.path(name)));
        JsonNode others = schema.path("additionalProperties");
        object.forEachEntry((name, part) -> {
            if (others.isObject() && !properties.has(name)) {
                value(below(path, name), others, part);
            }
        });
    }

    private void logic(String path, JsonNode schema, JsonNode value) {
        schema.path("allOf").forEach(part -> value(path, part, value));
        if (schema.has("anyOf") && schema.path("anyOf").valueStream().noneMatch(part -> fits(part, value))) {
            faults.add(Fault.invalid(path, "\"\"", in(path) + " must validate at least one schema (anyOf)"));
        }
        if (schema.has("oneOf")
                && schema.path("oneOf")
                                .valueStream()
                                .filter(part -> fits(part, value))
                                .count()
                        != 1) {
            faults.add(Fault.invalid(path, "\"\"", in(path) + " must validate one and only one schema (oneOf)"));
        }
        if (schema.has("not") && fits(schema.get("not"), value)) {
            faults.add(Fault.invalid(path, "\"\"", in(path) + " must not validate the schema (not)"));
        }
    }

    private static boolean fits(JsonNode schema, JsonNode value) {
        Judgement judgement = new Judgement();
        judgement.value("", schema, value);
        return judgement.faults.isEmpty();
    }

    private static boolean same(JsonNode a, JsonNode b) {
        boolean numbers = a.isNumber() && b.isNumber();
        return numbers ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String in(String path) {
        return path + " in body";
    }
}
