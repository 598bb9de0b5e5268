package dev.weft.apiserver.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The types of what a structural schema describes, so that a field that it does not have is found before it is asked. */
final class SchemaTypes implements CelTypeProvider {

    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");
    private static final JsonNode METADATA = JsonMapper.shared().readTree("""
            {"type": "object", "properties": {"name": {"type": "string"}, "generateName": {"type": "string"},
              "namespace": {"type": "string"},
              "labels": {"type": "object", "additionalProperties": {"type": "string"}},
              "annotations": {"type": "object", "additionalProperties": {"type": "string"}}}}
            """);
    private static final JsonNode TEXT = JsonMapper.shared().readTree("{\"type\": \"string\"}");

    private final ImmutableMap<String, StructType> structs;
    private final CelType root;

    /** @param resource whether the root is a whole document, with a kind and a name */
    SchemaTypes(JsonNode schema, boolean resource) {
        Map<String, StructType> found = new LinkedHashMap<>();
        this.root = type("self/", schema, resource, found);
        this.structs = ImmutableMap.copyOf(found);
    }

    CelType root() {
        return root;
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(structs.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        return Optional.ofNullable(structs.get(name));
    }

    /** A property's name as an expression writes it. */
    static String escaped(String name) {
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }

    private static CelType type(String path, JsonNode schema, boolean resource, Map<String, StructType> structs) {
        boolean free = schema.path("x-kubernetes-int-or-string").asBoolean(false)
                || schema.path("nullable").asBoolean(false);
        if (free) {
            return SimpleType.DYN;
        }
        return switch (schema.path("type").asString("")) {
            case "integer" -> SimpleType.INT;
            case "number" -> SimpleType.DOUBLE;
            case "boolean" -> SimpleType.BOOL;
            case "string" -> text(schema.path("format").asString(""));
            case "array" -> ListType.create(type(path + "[]/", schema.path("items"), false, structs));
            case "object" -> object(path, schema, resource, structs);
            default -> SimpleType.DYN;
        };
    }

    private static CelType text(String format) {
        return switch (format) {
            case "date-time", "date" -> SimpleType.TIMESTAMP;
            case "duration" -> SimpleType.DURATION;
            case "byte" -> SimpleType.BYTES;
            default -> SimpleType.STRING;
        };
    }

    private static CelType object(String path, JsonNode schema, boolean resource, Map<String, StructType> structs) {
        if (schema.path("additionalProperties").isObject()) {
            return MapType.create(
                    SimpleType.STRING, type(path + "{}/", schema.path("additionalProperties"), false, structs));
        }
        boolean whole =
                resource || schema.path("x-kubernetes-embedded-resource").asBoolean(false);
        if (!schema.has("properties") && !whole) {
            return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
                    ? SimpleType.DYN
                    : MapType.create(SimpleType.STRING, SimpleType.DYN);
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.path("properties")
                .forEachEntry((name, part) -> fields.put(escaped(name), type(path + name + "/", part, false, structs)));
        if (whole) {
            fields.put("apiVersion", type(path, TEXT, false, structs));
            fields.put("kind", type(path, TEXT, false, structs));
            fields.put("metadata", type(path + "metadata/", METADATA, false, structs));
        }
        ImmutableMap<String, CelType> known = ImmutableMap.copyOf(fields);
        structs.put(path, StructType.create(path, known.keySet(), name -> Optional.ofNullable(known.get(name))));
        return StructTypeReference.create(path);
    }
}
