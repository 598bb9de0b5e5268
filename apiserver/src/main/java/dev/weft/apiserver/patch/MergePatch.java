package dev.weft.apiserver.patch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7396). */
public final class MergePatch {

    private MergePatch() {}

    /**
     * Makes the document that the patch leads to.
     *
     * @throws PatchException when the patch is no object, which would make the document none
     */
    public static ObjectNode apply(ObjectNode document, JsonNode patch) {
        if (!patch.isObject()) {
            throw new PatchException("a merge patch has to be a JSON object");
        }
        return (ObjectNode) merge(document, patch);
    }

    private static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch.deepCopy();
        }
        ObjectNode merged =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        patch.forEachEntry((name, value) -> {
            if (value.isNull()) {
                merged.remove(name);
            } else {
                merged.set(name, merge(merged.path(name), value));
            }
        });
        return merged;
    }
}
