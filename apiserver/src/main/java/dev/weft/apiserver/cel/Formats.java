package dev.weft.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Named formats: {@code format.dns1123Label().validate(text)} has nothing when the text fits, or what is wrong. */
final class Formats {

    static final String NAME = "kubernetes.NamedFormat";

    /** @param expected completes "has to be" */
    record Format(String name, String expected, Predicate<String> fits) {}

    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final CelType FORMAT = OpaqueType.create(NAME);
    private static final Map<String, Format> FORMATS = new LinkedHashMap<>();

    static {
        pattern("dns1123Label", "lower case letters, digits and dashes, at most 63", LABEL);
        pattern("dns1123Subdomain", "lower case letters, digits, dashes and dots", LABEL + "(\\." + LABEL + ")*");
        pattern("dns1035Label", "as a DNS label, beginning with a letter", "[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
        pattern("dns1123LabelPrefix", "the beginning of a DNS label", "[a-z0-9]([-a-z0-9]{0,62})?");
        pattern("dns1123SubdomainPrefix", "the beginning of a DNS name", "[a-z0-9]([-a-z0-9.]{0,252})?");
        pattern("dns1035LabelPrefix", "the beginning of a DNS label", "[a-z]([-a-z0-9]{0,62})?");
        String word = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
        pattern(
                "qualifiedName",
                "a name, after a DNS name and a slash if need be",
                "(" + LABEL + "(\\." + LABEL + ")*/)?" + word);
        pattern("labelValue", "letters, digits, dashes, underscores and dots, at most 63", "(" + word + ")?");
        String hex = "[0-9a-fA-F]";
        pattern("uuid", "a UUID", hex + "{8}-?" + hex + "{4}-?" + hex + "{4}-?" + hex + "{4}-?" + hex + "{12}");
        add("uri", "a URI", Formats::isUri);
        add("byte", "base64", text -> parses(() -> Base64.getDecoder().decode(text)));
        add("date", "a date such as 2026-01-31", text -> parses(() -> LocalDate.parse(text)));
        add("datetime", "a time such as 2026-01-31T12:00:00Z", text -> parses(() -> OffsetDateTime.parse(text)));
    }

    private Formats() {}

    static void declare(Library library) {
        FORMATS.forEach((name, format) -> library.function("format." + name, FORMAT, List.of(), it -> format));
        library.function(
                "format.named",
                OptionalType.create(FORMAT),
                List.of(SimpleType.STRING),
                it -> Optional.ofNullable(FORMATS.get(it[0])));
        CelType faults = OptionalType.create(ListType.create(SimpleType.STRING));
        library.member("validate", faults, List.of(FORMAT, SimpleType.STRING), it -> {
            Format format = (Format) it[0];
            return format.fits().test((String) it[1])
                    ? Optional.empty()
                    : Optional.of(List.of("\"" + it[1] + "\" has to be " + format.expected()));
        });
    }

    private static void pattern(String name, String expected, String regex) {
        Pattern pattern = Pattern.compile(regex);
        add(
                name,
                expected,
                text -> text.length() <= 317 && pattern.matcher(text).matches());
    }

    private static void add(String name, String expected, Predicate<String> fits) {
        FORMATS.put(name, new Format(name, expected, fits));
    }

    private static boolean parses(Runnable parse) {
        try {
            parse.run();
            return true;
        } catch (DateTimeException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
