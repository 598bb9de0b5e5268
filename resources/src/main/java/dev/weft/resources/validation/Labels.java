package dev.weft.resources.validation;

import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import java.util.Map;
import java.util.regex.Pattern;

/** Names and values of labels, and names of annotations, as Kubernetes takes them. */
final class Labels {

    private static final Pattern WORD = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)");
    private static final String HOW =
            "Write at most 63 letters, digits, dashes, underscores and dots, beginning and ending with a letter or digit";

    private Labels() {}

    static boolean check(Fields labels) {
        for (Map.Entry<String, String> label : labels.allTexts().entrySet()) {
            checkName(labels, label.getKey());
            String value = label.getValue();
            if (!value.isEmpty() && !WORD.matcher(value).matches()) {
                labels.invalid(label.getKey(), "\"" + shortened(value) + "\" is no value of a label.", HOW + ".");
            }
        }
        return true;
    }

    static void checkName(Fields fields, String name) {
        int slash = name.indexOf('/');
        String prefix = slash < 0 ? "a" : name.substring(0, slash);
        if (!Names.subdomain(prefix) || !WORD.matcher(name.substring(slash + 1)).matches()) {
            fields.invalid(
                    name,
                    "\"" + shortened(name) + "\" is no name of one.",
                    HOW + ", after a DNS name and / if you like.");
        }
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
