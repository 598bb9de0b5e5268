package dev.weft.apiserver.patch;

import java.util.Map;
import java.util.Optional;

/**
 * Which lists of Kubernetes' own kinds are keyed, and by what (the {@code patchMergeKey}s of its Go types). The name of
 * the field decides, with the name of the field around it where one name means two things.
 */
final class ListKeys {

    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("ephemeralContainers", "name"),
            Map.entry("env", "name"),
            Map.entry("volumes", "name"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("secrets", "name"),
            Map.entry("hostAliases", "ip"),
            Map.entry("topologySpreadConstraints", "topologyKey"),
            Map.entry("resourceClaims", "name"),
            Map.entry("conditions", "type"),
            Map.entry("ownerReferences", "uid"),
            Map.entry("addresses", "type"),
            Map.entry("podIPs", "ip"));

    private ListKeys() {}

    /**
     * The field by which the items of a list are told apart.
     *
     * @param around the field that holds the object that holds the list: {@code spec} in a Service, an item of {@code
     *     containers} in a Pod
     * @return empty for a list that is replaced as a whole
     */
    static Optional<String> of(String around, String field) {
        if (field.equals("ports")) {
            return Optional.of(
                            around.equals("containers") || around.equals("initContainers") ? "containerPort" : "port")
                    .filter(key -> key.equals("containerPort") || around.equals("spec"));
        }
        return Optional.ofNullable(KEYS.get(field));
    }

    /** Lists of plain values that are merged as sets. */
    static boolean isSet(String field) {
        return field.equals("finalizers");
    }
}
