package dev.weft.resources.emissary;

import dev.weft.resources.reading.Fields;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Which pages of other origins a browser lets read the answers.
 *
 * @param origins as browsers send them ({@code https://app.example.com}), or {@code *}
 * @param maxAge in seconds, as text; empty to say nothing
 */
public record CorsPolicy(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        List<String> exposedHeaders,
        boolean credentials,
        String maxAge) {

    public CorsPolicy {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        exposedHeaders = List.copyOf(exposedHeaders);
    }

    static Optional<CorsPolicy> of(Fields spec) {
        return spec.object("cors", cors -> {
            List<String> origins = words(cors, "origins");
            boolean credentials = cors.flag("credentials", false);
            if (origins.isEmpty()) {
                cors.missing("origins", "a list of origins, for example [https://app.example.com]");
            }
            if (credentials && origins.contains("*")) {
                cors.invalid(
                        "credentials",
                        "with the origin * every page could act as its visitor.",
                        "List the origins, or write credentials: false.");
            }
            origins.stream()
                    .filter(origin -> !origin.equals("*") && !origin.matches("[a-z][a-z0-9+.-]*://[^/?#\\s]+"))
                    .forEach(origin -> cors.invalid(
                            "origins",
                            "\"" + origin + "\" is no origin.",
                            "Write scheme://host[:port] without a path, for example https://app.example.com."));
            String maxAge = cors.textOrNumber("max_age").orElse("");
            if (!maxAge.matches("[0-9]*")) {
                cors.invalid("max_age", "\"" + maxAge + "\" is no number of seconds.", "Write for example \"600\".");
            }
            return new CorsPolicy(
                    origins,
                    tokens(cors, "methods"),
                    tokens(cors, "headers"),
                    tokens(cors, "exposed_headers"),
                    credentials,
                    maxAge);
        });
    }

    private static List<String> tokens(Fields cors, String field) {
        List<String> words = words(cors, field);
        words.stream()
                .filter(word -> !word.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+"))
                .forEach(word -> cors.invalid(field, "\"" + word + "\" is no name.", "Write letters and dashes."));
        return words;
    }

    /** A list, or, as in v2, one text with commas. */
    private static List<String> words(Fields cors, String field) {
        JsonNode value = cors.raw(field);
        return value.isString()
                ? Stream.of(value.asString().split(",")).map(String::trim).toList()
                : cors.texts(field);
    }
}
