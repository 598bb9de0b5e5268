package dev.weft.runtime.host.http;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request, read whole.
 *
 * @param headers by name, in any case
 * @param keepAlive whether another may follow on its connection
 */
public record Request(
        String method,
        String target,
        Map<String, List<String>> headers,
        @SuppressWarnings("ArrayRecordComponent") byte[] body, // read once, and never compared
        boolean keepAlive) {

    /** Without the query, as it was sent. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** As it was sent, without the question mark. */
    public Optional<String> query() {
        int query = target.indexOf('?');
        return query < 0 ? Optional.empty() : Optional.of(target.substring(query + 1));
    }

    /** The query's parameters, decoded, each with all its values. */
    public Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        addParameters(query().orElse(""), parameters);
        return parameters;
    }

    private static void addParameters(String words, Map<String, List<String>> parameters) {
        for (String word : words.split("&", -1)) {
            if (!word.isEmpty()) {
                int equals = word.indexOf('=');
                String name = decoded(equals < 0 ? word : word.substring(0, equals));
                String value = equals < 0 ? "" : decoded(word.substring(equals + 1));
                parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a lone percent sign means itself
        }
    }

    /** The first value. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }

    /** The media type without its parameters, in small letters; empty when nothing is said. */
    public String mediaType() {
        String type = header("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /** What {@code charset=} says, if it is known here. */
    public Optional<String> charset() {
        return header("Content-Type").flatMap(Request::charset);
    }

    /** The charset of a media type. */
    public static Optional<String> charset(String type) {
        int at = type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return Optional.empty();
        }
        String value = type.substring(at + "charset=".length());
        int end = value.indexOf(';');
        return Optional.of((end < 0 ? value : value.substring(0, end)).strip().replace("\"", ""));
    }

    /** The body in its charset, UTF-8 unless another is named. */
    public String text() {
        return new String(body, charset().map(Request::known).orElse(StandardCharsets.UTF_8));
    }

    private static Charset known(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }
}
