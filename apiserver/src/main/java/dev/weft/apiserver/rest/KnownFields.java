package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.schema.Pruning;
import dev.weft.resources.schema.Findings;
import dev.weft.resources.schema.KindSchemas;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of fields that a kind does not have: {@code fieldValidation} says. They are kept where they are taken. */
final class KnownFields {

    private KnownFields() {}

    /** @throws ApiException with 400 and every such field when the client asked for {@code Strict} */
    static void check(Exchange exchange, Target target, ObjectNode document) {
        ServedKind kind = target.kind();
        String validation = exchange.query("fieldValidation");
        if (validation.equals("Ignore")) {
            return;
        }
        JsonNode applied = kind.schema(target.version()); // the original's definition may know more
        List<String> unknownToThat = applied.isMissingNode() ? List.of() : Pruning.of(applied, document.deepCopy());
        List<String> unknown = KindSchemas.find(
                        kind.apiVersion(target.version()), kind.kind().kind())
                .map(schema -> Findings.of(schema, document).unknown())
                .orElse(List.of())
                .stream()
                .filter(it -> applied.isMissingNode() || unknownToThat.contains(it.path()))
                .map(it -> "unknown field \"" + it.path() + "\" (" + it.remedy() + ")")
                .toList();
        if (validation.equals("Strict") && !unknown.isEmpty()) {
            throw ApiException.badRequest("strict decoding error: " + String.join(", ", unknown));
        }
        unknown.forEach(exchange::warn);
    }
}
