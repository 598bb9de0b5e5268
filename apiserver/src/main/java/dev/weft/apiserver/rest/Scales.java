package dev.weft.apiserver.rest;

import dev.weft.apiserver.patch.JsonPatch;
import dev.weft.apiserver.patch.MergePatch;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Resource;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers {@code deployments/NAME/scale}: the number of replicas, as an {@code autoscaling/v1 Scale}. */
final class Scales {

    private final SqliteStore store;
    private final Managers managers;

    Scales(SqliteStore store, Managers managers) {
        this.store = store;
        this.managers = managers;
    }

    void answer(Exchange exchange, Target target) {
        Resource resource =
                store.get(target.key()).orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
        ObjectNode scale = switch (exchange.method()) {
            case "GET" -> scale(resource);
            case "PUT" -> write(exchange, target, resource, Json.object(Json.read(exchange.body())));
            case "PATCH" -> write(exchange, target, resource, patched(exchange, scale(resource)));
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
        JsonNode replicas = scale.at("/spec/replicas");
        if (!replicas.isMissingNode() && (!replicas.isIntegralNumber() || replicas.asInt(-1) < 0)) {
            throw ApiException.unprocessable("Scale \"" + resource.name() + "\" is invalid: spec.replicas: " + replicas
                    + " (expected: 0 or more)");
        }
        ObjectNode json = resource.edit();
        json.withObject("/spec").put("replicas", replicas.asInt(0)); // Go clients leave out a zero
        json.withObject("/metadata")
                .put("resourceVersion", scale.at("/metadata/resourceVersion").asString(""));
        Resource wanted = managers.update(exchange, target, Optional.of(resource), new Resource(resource.kind(), json));
        return scale(store.update(wanted, exchange.dryRun()));
    }

    private static ObjectNode scale(Resource resource) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            metadata.set(field, resource.at("/metadata/" + field));
        }
        scale.putObject("spec").put("replicas", resource.at("/spec/replicas").asInt(1));
        String selector = Resource.strings(resource.at("/spec/selector/matchLabels")).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
        scale.putObject("status")
                .put("replicas", resource.at("/status/replicas").asInt(0))
                .put("selector", selector);
        return scale;
    }
}
