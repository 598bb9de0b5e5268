package dev.weft.runtime.deployment;

import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.LabelSelector;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes which resource controls which: the owner reference that says {@code controller: true}. */
public final class Controllers {

    private Controllers() {}

    /** The reference to a resource's controller; a missing node when it has none. */
    static JsonNode of(Resource resource) {
        for (JsonNode reference : resource.at("/metadata/ownerReferences")) {
            if (reference.path("controller").asBoolean(false)) {
                return reference;
            }
        }
        return MissingNode.getInstance();
    }

    /** The controller's key, when it is of the kind. */
    public static Optional<Key> of(Resource resource, Kind kind) {
        JsonNode reference = of(resource);
        boolean same = reference.path("kind").asString("").equals(kind.kind())
                && reference.path("apiVersion").asString("").equals(kind.apiVersion());
        return same
                ? Optional.of(
                        kind.key(resource.namespace(), reference.path("name").asString("")))
                : Optional.empty();
    }

    /** Whether the owner controls the resource. */
    public static boolean owns(Resource owner, Resource resource) {
        return of(resource).path("uid").asString("").equals(owner.uid());
    }

    /** Adds the owner's reference to a document. */
    public static void own(Resource owner, ObjectNode document) {
        document.withObject("/metadata")
                .withArrayProperty("ownerReferences")
                .addObject()
                .put("apiVersion", owner.kind().apiVersion())
                .put("kind", owner.kind().kind())
                .put("name", owner.name())
                .put("uid", owner.uid())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** What the owner controls of a kind, after it has taken on what its selector picks and nobody controls. */
    static List<Resource> claim(ResourceStore store, Resource owner, Kind kind) {
        JsonNode selector = owner.at("/spec/selector");
        return store.list(kind).stream()
                .filter(one -> one.namespace().equals(owner.namespace()))
                .filter(one -> owns(owner, one)
                        || (free(one) && !selector.isEmpty() && LabelSelector.matches(selector, one.labels())))
                .map(one -> owns(owner, one) ? one : adopt(store, owner, one))
                .toList();
    }

    private static boolean free(Resource resource) {
        return of(resource).isMissingNode() && !resource.deleting();
    }

    private static Resource adopt(ResourceStore store, Resource owner, Resource free) {
        ObjectNode json = free.edit();
        own(owner, json);
        return store.update(new Resource(free.kind(), json));
    }
}
