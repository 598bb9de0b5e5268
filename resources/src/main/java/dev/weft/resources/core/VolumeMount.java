package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.Arrays;

/**
 * Where a container sees a volume.
 *
 * @param volume its name
 * @param mountPath absolute
 */
public record VolumeMount(String volume, String mountPath) {

    static VolumeMount of(Fields fields) {
        fields.inert("mountPropagation", "recursiveReadOnly");
        fields.flag("readOnly", false);
        String mountPath = fields.requiredText("mountPath");
        if (!mountPath.isEmpty() && !mountPath.startsWith("/")) {
            fields.invalid("mountPath", "\"" + mountPath + "\" is no absolute path.", "Begin it with a slash.");
        }
        inside(fields, "subPath");
        inside(fields, "subPathExpr");
        if (fields.has("subPath") && fields.has("subPathExpr")) {
            fields.invalid("subPathExpr", "subPath is given as well.", "Remove one of them.");
        }
        return new VolumeMount(fields.requiredText("name"), mountPath);
    }

    private static void inside(Fields fields, String name) {
        String path = fields.text(name, "");
        if (path.startsWith("/") || Arrays.asList(path.split("/", -1)).contains("..")) {
            fields.invalid(name, "\"" + path + "\" leads out of the volume.", "Write a path in it, without ..");
        }
    }
}
