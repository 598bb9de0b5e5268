package dev.weft.apiserver.patch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A simple form of server-side apply: what the applied document names is set, keyed lists of built-in kinds are merged by
 * their keys, everything else stays. There are no field managers: nothing is ever in conflict, and leaving out a field
 * that was applied before does not remove it.
 */
public final class ApplyPatch {

    private ApplyPatch() {}

    public static ObjectNode apply(ObjectNode document, JsonNode applied, boolean builtIn) {
        return builtIn ? StrategicPatch.apply(document, applied) : MergePatch.apply(document, applied);
    }
}
