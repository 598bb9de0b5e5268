package dev.weft.resources.definition;

import dev.weft.resources.reading.Fields;

/**
 * Where a kind keeps its number of replicas; paths such as {@code .spec.replicas}.
 *
 * @param selector empty when there is none
 */
public record DefinedScale(String wanted, String found, String selector) {

    static DefinedScale of(Fields scale) {
        String wanted = scale.requiredText("specReplicasPath");
        String found = scale.requiredText("statusReplicasPath");
        String selector = scale.text("labelSelectorPath", "");
        check(scale, "specReplicasPath", wanted, ".spec.replicas");
        check(scale, "statusReplicasPath", found, ".status.replicas");
        if (!selector.startsWith(".spec.")) {
            check(scale, "labelSelectorPath", selector, ".status.selector");
        }
        return new DefinedScale(wanted, found, selector);
    }

    private static void check(Fields scale, String name, String path, String example) {
        String root = example.substring(0, example.lastIndexOf('.') + 1);
        boolean below = path.startsWith(root) && path.length() > root.length();
        if (!path.isEmpty() && !below) {
            scale.invalid(name, "\"" + path + "\" is no path below " + root, "Write for example " + example + ".");
        }
    }

    /** A path as a JSON pointer. */
    public static String pointer(String path) {
        return path.replace('.', '/');
    }
}
