package dev.weft.catalog.web;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A whole answer.
 *
 * @param headers beside {@code Content-Type}
 */
record Reply(int status, String contentType, String body, Map<String, String> headers) {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    static Reply json(JsonNode json) {
        return new Reply(200, "application/json", line(json), Map.of());
    }

    static Reply text(String contentType, String text) {
        return new Reply(200, contentType, text, Map.of());
    }

    /** A refusal as problem details (RFC 9457). */
    static Reply problem(int status, String title, String detail) {
        return problem(status, title, detail, Map.of());
    }

    /** A refusal of every other method (RFC 9110 §15.5.6). */
    static Reply onlyBy(String methods) {
        return problem(405, "Method not allowed", "Only " + methods + " is answered here.", Map.of("Allow", methods));
    }

    private static Reply problem(int status, String title, String detail, Map<String, String> headers) {
        JsonNode json = JsonNodeFactory.instance
                .objectNode()
                .put("status", status)
                .put("title", title)
                .put("detail", detail);
        return new Reply(status, "application/problem+json", line(json), headers);
    }

    static String line(JsonNode json) {
        return MAPPER.writeValueAsString(json);
    }
}
