package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a container sees a volume.
 *
 * @param volume its name
 * @param mountPath absolute
 */
public record VolumeMount(String volume, String mountPath) {

    /** The mounts of a container, each at a place of its own. */
    static List<VolumeMount> all(Fields container) {
        List<VolumeMount> mounts = container.objects("volumeMounts", VolumeMount::of);
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            String path = mounts.get(i).mountPath();
            if (!path.isEmpty() && !paths.add(path)) {
                container.invalid(
                        "volumeMounts[" + i + "].mountPath", "\"" + path + "\" is used twice.", "Give each its own.");
            }
        }
        return mounts;
    }

    static VolumeMount of(Fields fields) {
        fields.oneWay(
                "mounts stay in their pod.",
                Map.of("mountPropagation", List.of("None"), "recursiveReadOnly", List.of("Disabled")));
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
