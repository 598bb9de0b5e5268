package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files that the containers of a pod share.
 *
 * @param kind the field that says where they come from, such as {@code emptyDir}; empty when none does
 */
public record Volume(String name, String kind) {

    private static final List<String> BUILT =
            List.of("emptyDir", "configMap", "secret", "projected", "downwardAPI", "hostPath");

    /** Kubernetes' others. */
    private static final List<String> NOT_BUILT = List.of(
            "awsElasticBlockStore",
            "azureDisk",
            "azureFile",
            "cephfs",
            "cinder",
            "csi",
            "ephemeral",
            "fc",
            "flexVolume",
            "flocker",
            "gcePersistentDisk",
            "gitRepo",
            "glusterfs",
            "image",
            "iscsi",
            "nfs",
            "persistentVolumeClaim",
            "photonPersistentDisk",
            "portworxVolume",
            "quobyte",
            "rbd",
            "scaleIO",
            "storageos",
            "vsphereVolume");

    static Volume of(Fields fields) {
        List<String> kinds = Stream.concat(BUILT.stream(), NOT_BUILT.stream())
                .filter(fields::has)
                .toList();
        if (kinds.isEmpty()) {
            fields.invalid("", "nothing says where its files come from.", "Write for example emptyDir: {}.");
        } else if (kinds.size() > 1) {
            fields.invalid(kinds.getLast(), "one source is enough, " + kinds.getFirst() + ".", "Remove one of them.");
        }
        kinds.stream().filter(NOT_BUILT::contains).forEach(kind -> refused(fields, kind));
        fields.object("emptyDir", source -> {
            source.word("medium", List.of("", "Memory"));
            source.quantityMillis("sizeLimit", 0);
            return true;
        });
        fields.object("configMap", source -> documents(source, "name"));
        fields.object("secret", source -> documents(source, "secretName"));
        fields.object("projected", source -> {
            source.inert("sources", "defaultMode");
            return true;
        });
        fields.object("downwardAPI", source -> {
            source.inert("items", "defaultMode");
            return true;
        });
        fields.object("hostPath", source -> {
            source.inert("type");
            return source.requiredText("path");
        });
        return new Volume(fields.requiredText("name"), kinds.isEmpty() ? "" : kinds.getFirst());
    }

    private static String documents(Fields source, String name) {
        source.inert("items", "defaultMode");
        source.flag("optional", false);
        return source.requiredText(name);
    }

    private static void refused(Fields fields, String kind) {
        fields.warning(
                kind,
                "NotSupportedYet",
                fields.path(kind) + " is not supported yet; the pod will not start.",
                "Use one of " + String.join(", ", BUILT) + ".");
    }
}
