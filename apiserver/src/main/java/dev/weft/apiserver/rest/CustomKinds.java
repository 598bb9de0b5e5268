package dev.weft.apiserver.rest;

import dev.weft.apiserver.admission.ExpressionFaults;
import dev.weft.apiserver.schema.Defaulting;
import dev.weft.apiserver.schema.Fault;
import dev.weft.apiserver.schema.Judgement;
import dev.weft.apiserver.schema.Pruning;
import dev.weft.resources.Resource;
import dev.weft.resources.schema.Findings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the schema of a kind that somebody brought does to its documents. */
final class CustomKinds {

    private CustomKinds() {}

    /**
     * Takes out of the document what its schema does not know, and says so.
     *
     * @param before what is stored, whose fields the client has not brought; without any when the client brings them all
     * @throws ApiException with 400 when the client asked for {@code fieldValidation=Strict}
     */
    static void prune(Exchange exchange, Target target, ObjectNode document, ObjectNode before) {
        JsonNode schema = target.kind().schema(target.version());
        Set<String> old = Set.copyOf(Pruning.of(schema, before.deepCopy()));
        List<String> unknown = Pruning.of(schema, document).stream()
                .filter(field -> !old.contains(field) && KnownFields.counts(target, field))
                .toList();
        List<String> told = unknown.stream()
                .limit(Findings.TOLD_MAX)
                .map(field -> "unknown field \"" + field + "\"")
                .toList();
        KnownFields.tell(exchange, told, unknown.size());
    }

    /** The same where the client has been told of what it brought. */
    static void prune(Target target, ObjectNode document) {
        List<String> _ = Pruning.of(target.kind().schema(target.version()), document);
    }

    /** Puts in what the schema says when the document does not. */
    static void fill(Target target, ObjectNode document) {
        JsonNode schema = target.kind().schema(target.version());
        Defaulting.of(schema, document);
    }

    /** @throws ApiException with 422 and every fault */
    static void check(Exchange exchange, Target target, Resource resource, Optional<Resource> before) {
        JsonNode schema = target.kind().schema(target.version());
        List<Fault> faults = Judgement.of(schema, resource.json());
        if (faults.isEmpty()) { // rules take for granted what the schema says
            faults = Optional.ofNullable(target.kind().custom().get(target.version()))
                    .map(version ->
                            version.rules().get().judge(resource.json(), before.map(Resource::json), exchange.budget()))
                    .orElse(List.of());
        }
        if (!faults.isEmpty()) {
            throw ApiException.invalid(
                    target.kind(),
                    resource.name(),
                    faults.stream()
                            .map(fault -> ExpressionFaults.problem(resource, fault))
                            .toList());
        }
    }
}
