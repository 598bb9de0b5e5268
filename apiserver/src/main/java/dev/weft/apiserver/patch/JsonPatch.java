package dev.weft.apiserver.patch;

import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON patch (RFC 6902): operations one after another, all or none. */
public final class JsonPatch {

    /** Bounds what one request may cost. */
    private static final int OPERATIONS_MAX = 10_000;

    private JsonPatch() {}

    public static ObjectNode apply(ObjectNode document, JsonNode patch) {
        if (!patch.isArray() || patch.size() > OPERATIONS_MAX) {
            throw new PatchException("a JSON patch has to be an array of at most " + OPERATIONS_MAX + " operations");
        }
        JsonNode result = document.deepCopy();
        int number = 0;
        for (JsonNode operation : patch) {
            try {
                result = step(result, operation);
            } catch (IllegalArgumentException e) {
                throw new PatchException("operation " + number + ": " + e.getMessage());
            }
            number++;
        }
        if (result instanceof ObjectNode object) {
            return object;
        }
        throw new PatchException("the patch leaves no JSON object");
    }

    private static JsonNode step(JsonNode document, JsonNode operation) {
        JsonPointer path = pointer(operation, "path");
        return switch (operation.path("op").asString("")) {
            case "add" -> add(document, path, value(operation));
            case "remove" -> remove(document, path);
            case "replace" -> {
                existing(document, path);
                yield path.matches() ? value(operation) : add(remove(document, path), path, value(operation));
            }
            case "move" -> {
                JsonPointer from = pointer(operation, "from");
                JsonNode moved = existing(document, from);
                yield add(remove(document, from), path, moved);
            }
            case "copy" ->
                add(
                        document,
                        path,
                        existing(document, pointer(operation, "from")).deepCopy());
            case "test" -> {
                if (!existing(document, path).equals(value(operation))) {
                    throw new PatchException("the test at " + path + " fails");
                }
                yield document;
            }
            case String other -> throw new PatchException("no such operation: \"" + other + "\"");
        };
    }

    private static JsonNode add(JsonNode document, JsonPointer path, JsonNode value) {
        if (path.matches()) {
            return value;
        }
        JsonNode parent = document.at(path.head());
        String last = path.last().getMatchingProperty();
        switch (parent) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.insert(last.equals("-") ? array.size() : index(last, array.size()), value);
            default -> throw new PatchException("nothing at " + path.head() + " to add to");
        }
        return document;
    }

    private static JsonNode remove(JsonNode document, JsonPointer path) {
        existing(document, path);
        if (path.matches()) {
            throw new PatchException("the whole document cannot be removed");
        }
        String last = path.last().getMatchingProperty();
        switch (document.at(path.head())) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode array -> array.remove(index(last, array.size() - 1));
            default -> throw new PatchException("nothing at " + path);
        }
        return document;
    }

    private static JsonNode existing(JsonNode document, JsonPointer path) {
        JsonNode found = document.at(path);
        if (found.isMissingNode()) {
            throw new PatchException("there is nothing at \"" + path + "\"");
        }
        return found;
    }

    private static int index(String text, int max) {
        int index = text.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(text) : -1;
        if (index < 0 || index > max) {
            throw new PatchException("\"" + text + "\" is no index from 0 to " + max);
        }
        return index;
    }

    private static JsonPointer pointer(JsonNode operation, String field) {
        JsonNode text = operation.path(field);
        if (!text.isString()) {
            throw new PatchException("the operation has no " + field);
        }
        return JsonPointer.compile(text.asString(""));
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw new PatchException("the operation has no value");
        }
        return value.deepCopy();
    }
}
