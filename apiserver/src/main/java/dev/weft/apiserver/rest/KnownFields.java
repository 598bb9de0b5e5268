package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.schema.Pruning;
import dev.weft.resources.schema.Findings;
import dev.weft.resources.schema.KindSchemas;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of fields that a kind does not have: {@code fieldValidation} says. They are kept where they are taken. */
final class KnownFields {

    private KnownFields() {}

    /**
     * Looks at what the client wants to change.
     *
     * @param before what is stored, whose fields the client has not brought; without any when the client brings them all
     * @throws ApiException with 400 and every such field when the client asked for {@code Strict}
     */
    static void check(Exchange exchange, Target target, ObjectNode document, ObjectNode before) {
        ServedKind kind = target.kind();
        if (exchange.query("fieldValidation").equals("Ignore")) {
            return;
        }
        KindSchemas.find(kind.apiVersion(target.version()), kind.kind().kind()).ifPresent(schema -> {
            JsonNode applied = kind.schema(target.version()); // the original's definition may know more
            Set<String> unknownToThat =
                    applied.isMissingNode() ? Set.of() : Set.copyOf(Pruning.of(applied, document.deepCopy()));
            Predicate<String> unknown = path -> applied.isMissingNode() || unknownToThat.contains(path);
            Findings findings = Findings.of(schema, document)
                    .since(Findings.of(schema, before))
                    .at(unknown.and(path -> counts(target, path)));
            List<String> fields = findings.unknown().stream()
                    .map(it -> "unknown field \"" + it.path() + "\" (" + it.remedy() + ")")
                    .toList();
            tell(exchange, fields, findings.unknownPaths().size());
        });
    }

    /** Whether a field counts: what stands below {@code status} is not taken from this request. */
    static boolean counts(Target target, String path) {
        boolean apart = target.subresource().isEmpty() && target.kind().status();
        return !apart || !(path.equals("status") || path.startsWith("status."));
    }

    /**
     * Refuses fields or warns of them, as the client asked.
     *
     * @param fields the first of them, in words
     */
    static void tell(Exchange exchange, List<String> fields, int count) {
        String validation = exchange.query("fieldValidation");
        if (fields.isEmpty() || validation.equals("Ignore")) {
            return;
        }
        Stream<String> more =
                count > fields.size() ? Stream.of("and " + (count - fields.size()) + " more") : Stream.of();
        List<String> all = Stream.concat(fields.stream(), more).toList();
        if (validation.equals("Strict")) {
            throw ApiException.badRequest(
                    all.stream().collect(Collectors.joining(", ", "strict decoding error: ", "")));
        }
        all.forEach(exchange::warn);
    }
}
