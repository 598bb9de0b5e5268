package dev.weft.resources.definition;

import dev.weft.resources.reading.Fields;

/**
 * Where a kind keeps its number of replicas; paths such as {@code .spec.replicas}.
 *
 * @param selector empty when there is none
 */
public record DefinedScale(String wanted, String found, String selector) {

    static DefinedScale of(Fields scale) {
        return new DefinedScale(
                scale.requiredText("specReplicasPath"),
                scale.requiredText("statusReplicasPath"),
                scale.text("labelSelectorPath", ""));
    }

    /** A path as a JSON pointer. */
    public static String pointer(String path) {
        return path.replace('.', '/');
    }
}
