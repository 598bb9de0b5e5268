package dev.weft.apiserver.kinds;

import dev.weft.resources.Resource;
import java.time.Instant;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One column of a kind's table.
 *
 * @param priority 0 always; 1 with {@code -o wide} only
 */
public record Column(String name, String type, int priority, Cell cell) {

    /** Reads what the column shows. */
    @FunctionalInterface
    public interface Cell {
        /** What a resource shows: JSON's null where there is nothing. */
        JsonNode of(Resource resource, Instant now);
    }

    /** What is at a JSON pointer. */
    static Column at(String name, String pointer) {
        return new Column(name, "string", 0, (resource, now) -> scalar(resource.at(pointer)));
    }

    static Column text(String name, Function<Resource, String> value) {
        return new Column(
                name, "string", 0, (resource, now) -> JsonNodeFactory.instance.stringNode(value.apply(resource)));
    }

    static Column number(String name, Function<Resource, Long> value) {
        return new Column(
                name, "integer", 0, (resource, now) -> JsonNodeFactory.instance.numberNode(value.apply(resource)));
    }

    static Column age(String name, String pointer) {
        return new Column(
                name,
                "date",
                0,
                (resource, now) -> JsonNodeFactory.instance.stringNode(
                        Age.since(resource.at(pointer).asString(""), now)));
    }

    static Column age() {
        return age("Age", "/metadata/creationTimestamp");
    }

    /** The status or the reason of the condition of a type. */
    static Column condition(String name, String type, String field) {
        return new Column(name, "string", 0, (resource, now) -> {
            for (JsonNode condition : resource.at("/status/conditions")) {
                if (condition.path("type").asString("").equals(type)) {
                    return scalar(condition.path(field));
                }
            }
            return JsonNodeFactory.instance.nullNode();
        });
    }

    /** The same, shown with {@code -o wide} only. */
    Column wide() {
        return new Column(name, type, 1, cell);
    }

    private static JsonNode scalar(JsonNode node) {
        return node.isMissingNode() ? JsonNodeFactory.instance.nullNode() : node;
    }
}
