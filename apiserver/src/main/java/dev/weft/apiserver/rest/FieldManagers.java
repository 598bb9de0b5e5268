package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.Tables;
import dev.weft.apiserver.ownership.FieldManager;
import dev.weft.apiserver.ownership.Ownership;
import dev.weft.apiserver.ownership.Shape;
import dev.weft.resources.Resource;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Notes in every document that a client writes which of its fields that client sets. */
final class FieldManagers {

    private static final int NAME_LENGTH_MAX = 128;

    private final InstantSource clock;

    FieldManagers(InstantSource clock) {
        this.clock = clock;
    }

    /** @param before empty when the document is new */
    Resource update(Exchange exchange, Target target, Optional<Resource> before, Resource now) {
        if (exchange.flag("force")) {
            throw ApiException.unprocessable(
                    "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply"
                            + " patch");
        }
        String name = exchange.query("fieldManager");
        FieldManager manager = manager(target, name.isEmpty() ? program(exchange.userAgent()) : name, false);
        ObjectNode json = now.edit();
        ObjectNode live = before.map(Resource::json).orElseGet(JsonNodeFactory.instance::objectNode);
        ownership(target, manager).update(live, json);
        return new Resource(now.kind(), json);
    }

    /** The document that comes of an applied one. */
    ObjectNode apply(Exchange exchange, Target target, Optional<Resource> before, ObjectNode applied) {
        String name = exchange.query("fieldManager");
        if (name.isEmpty()) {
            throw ApiException.unprocessable(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is"
                            + " required for apply patch");
        }
        if (!applied.at("/metadata/managedFields").isEmpty()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        FieldManager manager = manager(target, name, true);
        ObjectNode live = before.map(resource -> Tables.in(target.kind(), resource, target.version()))
                .orElseGet(JsonNodeFactory.instance::objectNode);
        return ownership(target, manager).apply(live, applied, exchange.flag("force"));
    }

    private static FieldManager manager(Target target, String name, boolean apply) {
        if (name.length() > NAME_LENGTH_MAX) {
            throw ApiException.unprocessable(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be" + " more than "
                            + NAME_LENGTH_MAX + " bytes");
        }
        return new FieldManager(name, apply, target.kind().apiVersion(target.version()), target.subresource());
    }

    private Ownership ownership(Target target, FieldManager manager) {
        ServedKind kind = target.kind();
        Shape shape = kind.builtIn() ? Shape.builtIn() : Shape.custom(kind.schema(target.version()));
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new Ownership(shape, manager, kind.status(), now);
    }

    /** {@code kubectl} of {@code kubectl/v1.32.4 (linux/amd64)}. */
    private static String program(String userAgent) {
        int end = userAgent.indexOf('/');
        String name = end < 0 ? userAgent : userAgent.substring(0, end);
        return name.isBlank() ? "unknown" : name.substring(0, Math.min(name.length(), NAME_LENGTH_MAX));
    }
}
