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
        JsonNode json = JsonNodeFactory.instance
                .objectNode()
                .put("status", status)
                .put("title", title)
                .put("detail", detail);
        return new Reply(status, "application/problem+json", line(json), Map.of());
    }

    static String line(JsonNode json) {
        return MAPPER.writeValueAsString(json);
    }
}
