package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.Tables;
import dev.weft.apiserver.ownership.Authors;
import dev.weft.apiserver.patch.JsonPatch;
import dev.weft.apiserver.patch.MergePatch;
import dev.weft.apiserver.patch.StrategicPatch;
import dev.weft.apiserver.protobuf.Protobuf;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.smi.Conversion;
import java.util.Optional;
import java.util.function.UnaryOperator;
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

    /** A write without a resourceVersion is meant for whatever is there: when it changes meanwhile, try again. */
    private static final int TRIES = 5;

    private final SqliteStore store;
    private final Reads reads;
    private final Admission admission;
    private final FieldManagers managers;
    private final Access access;
    private final Gates gates;

    Writes(SqliteStore store, Reads reads, Admission admission, FieldManagers managers, Access access, Gates gates) {
        this.store = store;
        this.reads = reads;
        this.admission = admission;
        this.managers = managers;
        this.access = access;
        this.gates = gates;
    }

    void create(Exchange exchange, Target target) {
        if (target.kind().kind().namespaced() && target.namespace().isEmpty()) {
            throw ApiException.methodNotAllowed();
        }
        Resource given = withoutStatus(target, admission.read(exchange, target, body(exchange)));
        Resource resource = managers.update(exchange, target.stored(), Optional.empty(), given);
        reads.answer(exchange, 201, target, create(exchange, target, resource));
    }

    void update(Exchange exchange, Target target) {
        Resource given = admission.read(exchange, target, body(exchange));
        Resource stored = change(target, before -> {
            Resource wanted = given.resourceVersion().isEmpty() ? at(before.resourceVersion(), given) : given;
            return write(exchange, target, managers.update(exchange, target.stored(), Optional.of(before), wanted));
        });
        reads.answer(exchange, 200, target, stored);
    }

    void patch(Exchange exchange, Target target) {
        String type = exchange.contentType();
        if (type.equals(APPLY_PATCH)) {
            apply(exchange, target, Json.readYaml(exchange.body()));
            return;
        }
        JsonNode patch = Json.read(exchange.body());
        Resource stored = change(target, before -> {
            ObjectNode current = Tables.in(target.kind(), before, target.version());
            ObjectNode patched = patched(target.kind(), type, current, patch);
            Resource resource = admission.readPatched(exchange, target, patched, current);
            return write(exchange, target, managers.update(exchange, target.stored(), Optional.of(before), resource));
        });
        reads.answer(exchange, 200, target, stored);
    }

    /** Server-side apply. */
    private void apply(Exchange exchange, Target target, ObjectNode given) {
        Target kept = target.stored();
        ObjectNode applied = Conversion.to(kept.kind().kind(), admission.said(exchange, target, given), kept.version());
        if (store.get(target.key()).isEmpty() && target.subresource().isEmpty()) {
            access.checkCreate(exchange, target); // until here it was asked for a patch
            ObjectNode document = managers.apply(exchange, kept, Optional.empty(), applied);
            Resource resource = withoutStatus(target, admission.readMerged(kept, document));
            reads.answer(exchange, 201, target, create(exchange, target, resource));
            return;
        }
        Resource stored = change(target, before -> {
            ObjectNode document = managers.apply(exchange, kept, Optional.of(before), applied);
            return write(exchange, target, admission.readMerged(kept, document));
        });
        reads.answer(exchange, 200, target, stored);
    }

    /** Changes what is there; again when that has changed meanwhile and the client has not said which it means. */
    private Resource change(Target target, UnaryOperator<Resource> write) {
        for (int attempt = 1; ; attempt++) {
            Resource before =
                    store.get(target.key()).orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
            try {
                return write.apply(before);
            } catch (RefusedException e) {
                boolean changed = e.reason() == RefusedException.Reason.CONFLICT
                        && store.get(target.key())
                                .filter(now -> !now.resourceVersion().equals(before.resourceVersion()))
                                .isPresent();
                if (!changed || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Resource create(Exchange exchange, Target target, Resource given) {
        if (given.kind().equals(Kinds.REVISION)) {
            throw ApiException.methodNotAllowed(); // only its Configuration makes one
        }
        admission.checkNew(target, given);
        Resource resource = Authors.sign(
                exchange.user(), Optional.empty(), gates.change(exchange, target, Optional.empty(), given));
        admission.checkFields(exchange, target, resource, Optional.empty());
        access.checkEscalation(exchange, target, Optional.empty(), resource);
        gates.judge(exchange, target, Optional.empty(), Optional.of(resource));
        try {
            return store.createWithin(resource, exchange.dryRun());
        } catch (RefusedException e) {
            admission.checkNamespace(target, resource); // it may have gone since the first look
            throw ApiException.of(e, target.kind(), resource.name()); // the URL does not have the name
        }
    }

    private Resource write(Exchange exchange, Target target, Resource given) {
        Optional<Resource> before = store.get(given.key());
        Resource resource = Authors.sign(exchange.user(), before, gates.change(exchange, target, before, given));
        if (target.subresource().equals("status")) {
            if (target.kind().foreign()) {
                admission.checkFields(exchange, target, resource, before);
            }
            gates.judge(exchange, target, before, Optional.of(resource));
            return store.updateStatus(resource, exchange.dryRun());
        }
        boolean going = before.filter(Resource::deleting).isPresent();
        if (!going) { // whatever it says, its finalizers can be taken away
            admission.checkFields(exchange, target, resource, before);
        }
        access.checkEscalation(exchange, target, before, resource); // what is being deleted holds until it is gone
        gates.judge(exchange, target, before, Optional.of(resource));
        boolean statusApart = target.kind().status() || !target.kind().foreign();
        return statusApart ? store.update(resource, exchange.dryRun()) : store.updateWhole(resource, exchange.dryRun());
    }

    private static Resource withoutStatus(Target target, Resource given) {
        if (!target.kind().status()) {
            return given;
        }
        ObjectNode json = given.edit();
        json.remove("status");
        return new Resource(given.kind(), json);
    }

    private static Resource at(String resourceVersion, Resource given) {
        ObjectNode json = given.edit();
        json.withObject("/metadata").put("resourceVersion", resourceVersion);
        return new Resource(given.kind(), json);
    }

    private static ObjectNode patched(ServedKind kind, String type, ObjectNode document, JsonNode patch) {
        return switch (type) {
            case JSON_PATCH -> JsonPatch.apply(document, patch);
            case MERGE_PATCH -> MergePatch.apply(document, patch);
            case STRATEGIC_PATCH -> {
                if (!kind.builtIn()) {
                    throw unsupported(type);
                }
                yield StrategicPatch.apply(document, patch);
            }
            default -> throw unsupported(type);
        };
    }

    static ObjectNode body(Exchange exchange) {
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
