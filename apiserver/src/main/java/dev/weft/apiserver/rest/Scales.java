package dev.weft.apiserver.rest;

import dev.weft.apiserver.patch.JsonPatch;
import dev.weft.apiserver.patch.MergePatch;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Resource;
import dev.weft.resources.core.LabelSelector;
import dev.weft.resources.definition.DefinedScale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers {@code .../NAME/scale}: the number of replicas, as an {@code autoscaling/v1 Scale}. */
final class Scales {

    /** As a Deployment may say itself. */
    private static final int REPLICAS_MAX = 10_000;

    private static final DefinedScale BUILT_IN =
            new DefinedScale(".spec.replicas", ".status.replicas", ".spec.selector");

    private final SqliteStore store;
    private final FieldManagers managers;
    private final Gates gates;

    Scales(SqliteStore store, FieldManagers managers, Gates gates) {
        this.store = store;
        this.managers = managers;
        this.gates = gates;
    }

    void answer(Exchange exchange, Target target) {
        Resource resource =
                store.get(target.key()).orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
        ObjectNode scale = switch (exchange.method()) {
            case "GET" -> scale(paths(target), resource);
            case "PUT" -> write(exchange, target, resource, Json.object(Json.read(exchange.body())));
            case "PATCH" -> write(exchange, target, resource, patched(exchange, scale(paths(target), resource)));
            default -> throw ApiException.methodNotAllowed();
        };
        exchange.answer(200, scale);
    }

    private static ObjectNode patched(Exchange exchange, ObjectNode scale) {
        JsonNode patch = Json.read(exchange.body());
        return switch (exchange.contentType()) {
            case "application/json-patch+json" -> JsonPatch.apply(scale, patch);
            case "application/merge-patch+json", "application/strategic-merge-patch+json" ->
                MergePatch.apply(scale, patch);
            case String other ->
                throw ApiException.unsupportedMediaType(
                        other, "application/merge-patch+json, application/json-patch+json");
        };
    }

    private ObjectNode write(Exchange exchange, Target target, Resource resource, ObjectNode scale) {
        DefinedScale paths = paths(target);
        ObjectNode before = scale(paths, resource);
        ObjectNode given = before.deepCopy();
        given.putObject("spec").put("replicas", replicas(resource, scale));
        ObjectNode changed = gates.changeScale(exchange, target, before, given);
        int replicas = replicas(resource, changed);
        gates.judgeScale(exchange, target, before, changed);
        ObjectNode json = resource.edit();
        json.withObject(parent(paths.wanted())).put(last(paths.wanted()), replicas);
        json.withObject("/metadata")
                .put("resourceVersion", scale.at("/metadata/resourceVersion").asString(""));
        Resource wanted = managers.update(exchange, target, Optional.of(resource), new Resource(resource.kind(), json));
        return scale(paths, store.update(wanted, exchange.dryRun()));
    }

    private static int replicas(Resource resource, ObjectNode scale) {
        JsonNode replicas = scale.at("/spec/replicas");
        if (replicas.isMissingNode()) {
            return 0; // Go leaves out a zero
        }
        int number = replicas.isIntegralNumber() && replicas.canConvertToInt() ? replicas.intValue() : -1;
        if (number < 0 || number > REPLICAS_MAX) {
            throw ApiException.unprocessable("Scale \"" + resource.name() + "\" is invalid: spec.replicas: " + replicas
                    + " (expected: 0 to " + REPLICAS_MAX + ")");
        }
        return number;
    }

    private static ObjectNode scale(DefinedScale paths, Resource resource) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            metadata.set(field, resource.at("/metadata/" + field));
        }
        scale.putObject("spec").put("replicas", at(resource, paths.wanted()).asInt(0));
        scale.putObject("status")
                .put("replicas", at(resource, paths.found()).asInt(0))
                .put("selector", selector(at(resource, paths.selector())));
        return scale;
    }

    /** A text, or the selector of a built-in kind. */
    private static String selector(JsonNode selector) {
        return selector.isObject() ? LabelSelector.text(selector) : selector.asString("");
    }

    private static DefinedScale paths(Target target) {
        return target.kind().scale(target.version()).orElse(BUILT_IN);
    }

    private static JsonNode at(Resource resource, String path) {
        return path.isEmpty() ? MissingNode.getInstance() : resource.at(DefinedScale.pointer(path));
    }

    private static String parent(String path) {
        return DefinedScale.pointer(path.substring(0, path.lastIndexOf('.')));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
