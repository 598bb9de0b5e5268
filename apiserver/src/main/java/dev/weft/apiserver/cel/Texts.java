package dev.weft.apiserver.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Functions of texts: {@code find}, {@code findAll}, {@code format}, and what a URL is made of. */
final class Texts {

    static final String URL_NAME = "kubernetes.URL";

    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType URL = OpaqueType.create(URL_NAME);
    private static final CelType TEXTS = ListType.create(TEXT);

    private Texts() {}

    static void declare(Library library) {
        library.member("find", TEXT, List.of(TEXT, TEXT), it -> {
            List<String> found = find(it, 1);
            return found.isEmpty() ? "" : found.getFirst();
        });
        library.member("findAll", TEXTS, List.of(TEXT, TEXT), it -> find(it, Long.MAX_VALUE));
        library.member("findAll", TEXTS, List.of(TEXT, TEXT, SimpleType.INT), it -> {
            long most = (Long) it[2];
            return find(it, most < 0 ? Long.MAX_VALUE : most);
        });
        library.member(
                "format",
                TEXT,
                List.of(TEXT, ListType.create(SimpleType.DYN)),
                it -> Formatting.of((String) it[0], (List<?>) it[1]));

        library.function("url", URL, List.of(TEXT), it -> url((String) it[0]));
        library.function("isURL", SimpleType.BOOL, List.of(TEXT), it -> isUrl((String) it[0]));
        part(library, "getScheme", it -> text(it.getScheme()));
        part(library, "getHost", it -> text(it.getRawAuthority()));
        part(library, "getHostname", it -> text(it.getHost()).replaceAll("[\\[\\]]", ""));
        part(library, "getPort", it -> it.getPort() < 0 ? "" : Integer.toString(it.getPort()));
        part(library, "getEscapedPath", it -> text(it.getRawPath()));
        library.member("getQuery", MapType.create(TEXT, TEXTS), List.of(URL), it -> query((URI) it[0]));
    }

    private interface Part {
        String of(URI url);
    }

    private static void part(Library library, String name, Part part) {
        library.member(name, TEXT, List.of(URL), it -> part.of((URI) it[0]));
    }

    private static List<String> find(Object[] arguments, long most) throws CelEvaluationException {
        try {
            Pattern pattern = Pattern.compile((String) arguments[1]);
            if (pattern.programSize() > Language.REGEX_SIZE_MAX) {
                throw new CelEvaluationException("the regular expression is too large: its program has "
                        + pattern.programSize() + " steps (expected: at most " + Language.REGEX_SIZE_MAX + ")");
            }
            Matcher matcher = pattern.matcher((String) arguments[0]);
            List<String> found = new ArrayList<>();
            while (found.size() < most && matcher.find()) {
                found.add(matcher.group());
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new CelEvaluationException("Illegal regex: " + e.getMessage(), e);
        }
    }

    private static boolean isUrl(String text) {
        try {
            url(text);
            return true;
        } catch (CelEvaluationException e) {
            return false;
        }
    }

    /** As Go's {@code url.ParseRequestURI}: absolute, or a path that begins with a slash. */
    private static URI url(String text) throws CelEvaluationException {
        try {
            URI url = new URI(text);
            if (url.isAbsolute() || text.startsWith("/")) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new CelEvaluationException("URL parse error during conversion from string: " + e.getMessage(), e);
        }
        throw new CelEvaluationException(
                "URL parse error during conversion from string: parse \"" + text + "\": invalid URI for request");
    }

    private static Map<String, List<String>> query(URI url) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String part : text(url.getRawQuery()).split("&", -1)) {
            String[] pair = part.split("=", 2);
            if (!part.isEmpty()) {
                query.computeIfAbsent(decoded(pair[0]), name -> new ArrayList<>())
                        .add(pair.length == 2 ? decoded(pair[1]) : "");
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String text(@org.jspecify.annotations.Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
