package dev.weft.resources.definition;

import dev.weft.resources.reading.Fields;
import java.util.List;

/**
 * A column of a kind's table.
 *
 * @param type {@code integer}, {@code number}, {@code string}, {@code boolean} or {@code date}
 * @param priority 0 always; more with {@code -o wide} only
 * @param path a simple JSONPath, for example {@code .spec.replicas}
 */
public record DefinedColumn(String name, String type, String description, int priority, String path) {

    private static final List<String> TYPES = List.of("integer", "number", "string", "boolean", "date");

    static DefinedColumn of(Fields column) {
        column.inert("format");
        return new DefinedColumn(
                column.requiredText("name"),
                column.word("type", TYPES).orElse("string"),
                column.text("description", ""),
                column.integer("priority", 0, 0, Integer.MAX_VALUE),
                column.requiredText("jsonPath"));
    }
}
