package dev.weft.apiserver.kinds;

import dev.weft.resources.schema.FieldType;
import dev.weft.resources.schema.FieldType.ListOf;
import dev.weft.resources.schema.FieldType.MapOf;
import dev.weft.resources.schema.FieldType.Named;
import dev.weft.resources.schema.FieldType.Scalar;
import dev.weft.resources.schema.KindSchemas;
import dev.weft.resources.schema.ObjectType;
import dev.weft.resources.schema.ObjectType.Field;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the schemas of kinds as OpenAPI does: each type once, by its name, so that types may hold each other.
 *
 * @param references where the types are: {@code #/components/schemas/} or {@code #/definitions/}
 */
record SchemaDocuments(String references) {

    /** Put before the names of types, which are none of anybody's API. */
    private static final String PREFIX = "dev.weft.schema.";

    static final String METADATA = PREFIX + "ObjectMeta";

    /** The kind's own schema; puts the types that it needs beside it. */
    ObjectNode kind(ObjectType kind, ObjectNode beside) {
        for (String name : KindSchemas.typesBelow(kind)) {
            if (!beside.has(PREFIX + name)) {
                beside.set(PREFIX + name, object(KindSchemas.type(name)));
            }
        }
        return object(kind);
    }

    /** Puts the metadata of every resource there. */
    void metadata(ObjectNode beside) {
        ObjectType metadata = KindSchemas.type("ObjectMeta");
        beside.set(METADATA, kind(metadata, beside));
    }

    private ObjectNode object(ObjectType type) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("description", type.description());
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        type.fields().forEach((name, field) -> {
            properties.set(name, field(field));
            if (field.required()) {
                required.add(name);
            }
        });
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private ObjectNode field(Field field) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("description", field.description());
        if (field.type() instanceof Named named) { // a reference alone would hide the description
            schema.putArray("allOf").add(reference(named));
            return schema;
        }
        return schema.setAll(value(field.type()));
    }

    private ObjectNode value(FieldType type) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        return switch (type) {
            case Scalar scalar -> scalar(scalar, schema);
            case ListOf list -> {
                schema.put("type", "array").set("items", value(list.item()));
                yield schema;
            }
            case MapOf map -> {
                schema.put("type", "object").set("additionalProperties", value(map.value()));
                yield schema;
            }
            case Named named -> reference(named);
        };
    }

    private static ObjectNode scalar(Scalar scalar, ObjectNode schema) {
        return switch (scalar) {
            case STRING, INTEGER, NUMBER, BOOLEAN -> schema.put("type", scalar.word());
            case TIME -> schema.put("type", "string").put("format", "date-time");
            case QUANTITY -> schema.put("type", "string").put("format", "quantity");
            case INT_OR_STRING -> schema.put("type", "string").put("format", "int-or-string");
            case ANY -> schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
        };
    }

    private ObjectNode reference(Named named) {
        return JsonNodeFactory.instance.objectNode().put("$ref", references + PREFIX + named.type());
    }
}
