package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.Tables;
import dev.weft.apiserver.patch.ApplyPatch;
import dev.weft.apiserver.patch.JsonPatch;
import dev.weft.apiserver.patch.MergePatch;
import dev.weft.apiserver.patch.StrategicPatch;
import dev.weft.apiserver.protobuf.Protobuf;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers create, update and patch. */
final class Writes {

    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    private static final String APPLY_PATCH = "application/apply-patch+yaml";

    /** A patch without a resourceVersion is meant for whatever is there: when it changes meanwhile, try again. */
    private static final int TRIES = 5;

    private final SqliteStore store;
    private final Reads reads;
    private final Admission admission;

    Writes(SqliteStore store, Reads reads, Admission admission) {
        this.store = store;
        this.reads = reads;
        this.admission = admission;
    }

    void create(Exchange exchange, Target target) {
        if (target.kind().kind().namespaced() && target.namespace().isEmpty()) {
            throw ApiException.methodNotAllowed();
        }
        Resource resource = admission.read(target, body(exchange));
        reads.answer(exchange, 201, target, create(exchange, target, resource));
    }

    void update(Exchange exchange, Target target) {
        Resource resource = admission.read(target, body(exchange));
        reads.answer(exchange, 200, target, write(exchange, target, resource));
    }

    void patch(Exchange exchange, Target target) {
        String type = exchange.contentType();
        JsonNode patch = type.equals(APPLY_PATCH) ? Json.readYaml(exchange.body()) : Json.read(exchange.body());
        for (int attempt = 1; ; attempt++) {
            Optional<Resource> old = store.get(target.key());
            if (old.isEmpty()
                    && type.equals(APPLY_PATCH)
                    && target.subresource().isEmpty()) {
                Resource resource = admission.read(target, Json.object(patch));
                reads.answer(exchange, 201, target, create(exchange, target, resource));
                return;
            }
            Resource before = old.orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
            ObjectNode patched =
                    patched(target.kind(), type, Tables.in(target.kind(), before, target.version()), patch);
            Resource resource = admission.read(target, patched);
            try {
                reads.answer(exchange, 200, target, write(exchange, target, resource));
                return;
            } catch (RefusedException e) {
                boolean again = e.reason() == RefusedException.Reason.CONFLICT
                        && resource.resourceVersion().equals(before.resourceVersion());
                if (!again || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Resource create(Exchange exchange, Target target, Resource given) {
        Resource resource = given;
        if (target.kind().status()) {
            ObjectNode json = given.edit();
            json.remove("status");
            resource = new Resource(given.kind(), json);
        }
        admission.checkNew(target, resource);
        admission.checkFields(exchange, target, resource);
        try {
            return store.create(resource, exchange.dryRun());
        } catch (RefusedException e) {
            throw ApiException.of(e, target.kind(), resource.name()); // the URL does not have the name
        }
    }

    private Resource write(Exchange exchange, Target target, Resource resource) {
        if (target.subresource().equals("status")) {
            return store.updateStatus(resource, exchange.dryRun());
        }
        boolean going = store.get(resource.key()).filter(Resource::deleting).isPresent();
        if (!going) { // whatever it says, its finalizers can be taken away
            admission.checkFields(exchange, target, resource);
        }
        return store.update(resource, exchange.dryRun());
    }

    private static ObjectNode patched(ServedKind kind, String type, ObjectNode document, JsonNode patch) {
        return switch (type) {
            case JSON_PATCH -> JsonPatch.apply(document, patch);
            case MERGE_PATCH -> MergePatch.apply(document, patch);
            case APPLY_PATCH -> ApplyPatch.apply(document, patch, kind.builtIn());
            case STRATEGIC_PATCH -> {
                if (!kind.builtIn()) {
                    throw unsupported(type);
                }
                yield StrategicPatch.apply(document, patch);
            }
            default -> throw unsupported(type);
        };
    }

    private static ObjectNode body(Exchange exchange) {
        String type = exchange.contentType();
        if (type.equals(YAML)) {
            return Json.readYaml(exchange.body());
        }
        if (type.equals(PROTOBUF)) {
            return Protobuf.read(exchange.body());
        }
        if (!type.isEmpty() && !type.equals(JSON)) {
            throw ApiException.unsupportedMediaType(type, JSON + ", " + YAML);
        }
        return Json.object(Json.read(exchange.body()));
    }

    private static ApiException unsupported(String type) {
        return ApiException.unsupportedMediaType(
                type, String.join(", ", JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH + " (built-in kinds)", APPLY_PATCH));
    }
}
