package dev.weft.resources.definition;

import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import java.util.List;
import java.util.Locale;

/**
 * What a kind is called.
 *
 * @param plural as in URLs
 * @param singular for the command line
 */
public record DefinedNames(
        String kind, String plural, String singular, List<String> shortNames, List<String> categories) {

    public DefinedNames {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
    }

    static DefinedNames of(Fields names) {
        String kind = names.requiredText("kind");
        String plural = names.requiredText("plural");
        if (!plural.isEmpty() && !Names.label(plural)) {
            names.invalid("plural", "\"" + plural + "\" is no DNS label.", "Write lower case letters.");
        }
        names.inert("listKind");
        return new DefinedNames(
                kind,
                plural,
                names.text("singular", kind.toLowerCase(Locale.ROOT)),
                names.texts("shortNames"),
                names.texts("categories"));
    }
}
