package dev.weft.apiserver.kinds;

import dev.weft.apiserver.schema.ValidationRules;
import dev.weft.resources.definition.DefinedColumn;
import dev.weft.resources.definition.DefinedScale;
import dev.weft.resources.definition.DefinedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of a kind that a CustomResourceDefinition brought.
 *
 * @param deprecation what those who use it are told
 * @param columns what a table shows beside the name
 * @param selectable what field selectors may name
 * @param rules what documents have to fulfil beside the schema
 */
public record CustomVersion(
        ObjectNode schema,
        Optional<DefinedScale> scale,
        Optional<String> deprecation,
        List<Column> columns,
        List<String> selectable,
        LazyRules rules) {

    /** The rules of the schema, read when the first document is judged. */
    public static final class LazyRules {
        private final ObjectNode schema;
        private volatile @Nullable ValidationRules rules;

        LazyRules(ObjectNode schema) {
            this.schema = schema;
        }

        public ValidationRules get() {
            ValidationRules known = rules;
            if (known == null) {
                known = ValidationRules.of(schema); // twice at worst, with the same result
                rules = known;
            }
            return known;
        }
    }

    public CustomVersion {
        columns = List.copyOf(columns);
        selectable = List.copyOf(selectable);
    }

    static CustomVersion of(DefinedVersion version) {
        List<Column> columns = new ArrayList<>();
        version.columns().forEach(column -> columns.add(column(column)));
        if (columns.isEmpty()) {
            columns.add(Column.age());
        }
        return new CustomVersion(
                version.schema(),
                version.scale(),
                version.deprecation(),
                columns,
                version.selectable(),
                new LazyRules(version.schema()));
    }

    private static Column column(DefinedColumn defined) {
        JsonPath path = new JsonPath(defined.path());
        Column.Cell cell = (resource, now) -> {
            List<JsonNode> found = path.in(resource.json());
            if (found.isEmpty()) {
                return JsonNodeFactory.instance.nullNode();
            }
            return switch (defined.type()) {
                case "date" ->
                    JsonNodeFactory.instance.stringNode(
                            Age.since(found.getFirst().asString(""), now));
                case "string" ->
                    JsonNodeFactory.instance.stringNode(
                            found.stream().map(JsonPath::text).collect(Collectors.joining(" ")));
                default -> found.getFirst();
            };
        };
        return new Column(defined.name(), defined.type(), Math.min(defined.priority(), 1), cell);
    }
}
