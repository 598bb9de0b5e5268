package dev.weft.runtime.pod;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' {@code $(NAME)} in commands, arguments and values; {@code $$(NAME)} stands for itself. */
final class Expansion {

    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$)?\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

    private Expansion() {}

    /** Names that are not known stay as they are written. */
    static String expand(String text, Map<String, String> known) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            boolean escaped = match.group(1) != null;
            String value = escaped ? "$(" + match.group(2) + ")" : known.getOrDefault(match.group(2), match.group());
            return Matcher.quoteReplacement(value);
        });
    }
}
