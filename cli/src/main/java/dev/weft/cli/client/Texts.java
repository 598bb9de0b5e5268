package dev.weft.cli.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees as text. */
public final class Texts {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Texts() {}

    public static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** A tree to change. */
    public static ObjectNode object(String json) {
        return (ObjectNode) parse(json);
    }

    /** For machines: JSON, or YAML where that was asked for. */
    public static String print(JsonNode tree, OutputFormat format) {
        return format == OutputFormat.YAML ? yaml(tree) : json(tree);
    }

    /** Indented, with a line end. */
    public static String json(JsonNode tree) {
        return tree.toPrettyString() + "\n";
    }

    public static String yaml(JsonNode tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(Integer.MAX_VALUE)
                .build();
        return new Dump(settings).dumpToString(plain(tree));
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            node.forEachEntry((name, value) -> map.put(name, plain(value)));
            return map;
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(value -> list.add(plain(value)));
            return list;
        }
        if (node.isNumber()) {
            return node.isIntegralNumber() ? (Object) node.asLong() : (Object) node.asDouble();
        }
        if (node.isBoolean()) {
            return node.asBoolean();
        }
        return node.isNull() ? null : node.asString();
    }
}
