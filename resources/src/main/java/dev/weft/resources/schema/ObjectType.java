package dev.weft.resources.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Objects with the same fields.
 *
 * @param name unique among all types; of a kind, the kind's
 * @param fields by name, in the order of the file
 */
public record ObjectType(String name, String description, Map<String, Field> fields) {

    /** One field. */
    public record Field(FieldType type, boolean required, String description) {}

    public ObjectType {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
