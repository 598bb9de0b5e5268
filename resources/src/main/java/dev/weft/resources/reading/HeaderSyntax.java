package dev.weft.resources.reading;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a rule may do to a head without breaking the message (RFC 9110 section 5, RFC 9112 section 6). */
public final class HeaderSyntax {

    /** They say where the message ends, where it goes, or concern one connection alone: the proxy writes them itself. */
    private static final Set<String> OWNED = Set.of(
            "connection",
            "content-length",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t -~\\x80-\\xff]*");

    private HeaderSyntax() {}

    /** Whether a header, or a cookie, can have this name (a token, RFC 9110 section 5.6.2). */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** What is wrong with this name in an edit, as the end of a sentence. */
    public static Optional<String> problem(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.of("is no header name");
        }
        return OWNED.contains(name.toLowerCase(Locale.ROOT))
                ? Optional.of("is a header that the proxy alone writes")
                : Optional.empty();
    }

    /** What is wrong with this header to be written, as the end of a sentence. */
    public static Optional<String> problem(String name, String value) {
        return problem(name)
                .or(() -> VALUE.matcher(value).matches()
                        ? Optional.empty()
                        : Optional.of("has a value with characters that no header can carry"));
    }
}
