package dev.weft.apiserver.rest;

import dev.weft.resources.document.Documents;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON from clients, within bounds. */
final class Json {

    private static final int DEPTH_MAX = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static byte[] write(JsonNode document) {
        return MAPPER.writeValueAsBytes(document);
    }

    /** @throws ApiException with 400 when it is not JSON, or nested more than 100 deep */
    static JsonNode read(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw ApiException.badRequest("the body is not JSON: " + e.getOriginalMessage() + position(e));
        }
    }

    private static String position(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    /**
     * Reads YAML, of which JSON is a part.
     *
     * @throws ApiException with 400 when it is not, or holds more or less than one document
     */
    static ObjectNode readYaml(byte[] body) {
        Documents parsed = Documents.parse("body", new String(body, StandardCharsets.UTF_8));
        if (!parsed.problems().isEmpty()) {
            throw ApiException.badRequest(parsed.problems().getFirst().toString());
        }
        if (parsed.documents().size() != 1) {
            throw ApiException.badRequest("the body holds " + parsed.documents().size() + " documents (expected: one)");
        }
        return parsed.documents().getFirst().json();
    }

    static ObjectNode object(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the body has to be a JSON object");
    }
}
