package dev.weft.resources.emissary;

import dev.weft.resources.reading.Fields;
import java.util.function.IntPredicate;

/** Texts that end up in a request line, a {@code Host} or a {@code Location}: what would break those is refused. */
final class TargetText {

    private TargetText() {}

    /** A path, or a part of one. */
    static void checkPath(Fields fields, String field, String text) {
        check(fields, field, text, c -> visible(c) && c != '?' && c != '#', "a path", "Write %XX for them.");
    }

    /** A path that may have a query behind it. */
    static void checkPathAndQuery(Fields fields, String field, String text) {
        check(fields, field, text, TargetText::visible, "a path", "Write %XX for them.");
        if (!text.isEmpty() && !text.startsWith("/")) {
            fields.invalid(field, "\"" + text + "\" does not begin with a slash.", "Write /" + text + ".");
        }
    }

    /** A host with an optional port. */
    static void checkHost(Fields fields, String field, String text) {
        check(fields, field, text, TargetText::ofHost, "a host", "Write a name or an address, with :PORT if need be.");
    }

    private static void check(
            Fields fields, String field, String text, IntPredicate allowed, String what, String remedy) {
        text.codePoints()
                .filter(c -> !allowed.test(c))
                .findFirst()
                .ifPresent(c -> fields.invalid(
                        field, "the character " + shown(c) + " cannot stand in " + what + " of a message.", remedy));
    }

    private static String shown(int c) {
        return c > ' ' && c != 0x7f ? "'" + Character.toString(c) + "'" : String.format("U+%04X", c);
    }

    private static boolean visible(int c) {
        return c > ' ' && c < 0x7f;
    }

    private static boolean ofHost(int c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return letter || c == '.' || c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
    }
}
