package dev.weft.serving.knative;

import dev.weft.resources.Key;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes and keeps resources that belong to another one. */
final class Owned {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private Owned() {}

    /** A new resource that goes when its owner goes. */
    static Resource of(Resource owner, Key key, Map<String, String> labels, Map<String, String> annotations) {
        Resource resource = Resource.of(key);
        ObjectNode metadata = resource.json().withObject("/metadata");
        put(metadata, "labels", labels);
        put(metadata, "annotations", annotations);
        ObjectNode reference = metadata.putArray("ownerReferences").addObject();
        reference.put("apiVersion", owner.kind().apiVersion());
        reference.put("kind", owner.kind().kind());
        reference.put("name", owner.name());
        reference.put("uid", owner.uid());
        reference.put("controller", true);
        reference.put("blockOwnerDeletion", true);
        return resource;
    }

    static boolean by(Resource owner, Resource resource) {
        for (JsonNode reference : resource.at("/metadata/ownerReferences")) {
            boolean controls = reference.path("controller").asBoolean(false);
            if (controls && reference.path("uid").asString("").equals(owner.uid())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes the resource exist exactly as wanted: its spec, labels and annotations.
     *
     * @return as stored; empty when the name is taken by something that is not the owner's
     */
    static Optional<Resource> ensure(ResourceStore store, Resource owner, Resource wanted) {
        Optional<Resource> existing = store.get(wanted.key());
        if (existing.isEmpty()) {
            return create(store, owner, wanted);
        }
        Resource found = existing.get();
        if (!by(owner, found)) {
            return Optional.empty();
        }
        boolean same = found.at("/spec").equals(wanted.at("/spec"))
                && found.labels().equals(wanted.labels())
                && found.annotations().equals(wanted.annotations());
        if (same) {
            return existing;
        }
        ObjectNode json = found.edit();
        json.set("spec", wanted.at("/spec").deepCopy());
        put(json.withObject("/metadata"), "labels", wanted.labels());
        put(json.withObject("/metadata"), "annotations", wanted.annotations());
        return Optional.of(store.update(new Resource(found.kind(), json)));
    }

    /** Like {@link #ensure}, but what others add, such as an address, stays. */
    static Optional<Resource> ensureAtLeast(ResourceStore store, Resource owner, Resource wanted) {
        Optional<Resource> existing = store.get(wanted.key());
        return existing.isEmpty() ? create(store, owner, wanted) : reviseAtLeast(store, owner, existing.get(), wanted);
    }

    /** The second half of {@link #ensureAtLeast}; refused with a conflict when {@code found} is not the newest. */
    static Optional<Resource> reviseAtLeast(ResourceStore store, Resource owner, Resource found, Resource wanted) {
        if (!by(owner, found)) {
            return Optional.empty();
        }
        ObjectNode json = found.edit();
        merge(json.withObject("/spec"), wanted.at("/spec"));
        merge(json.withObject("/metadata"), only(wanted, "labels"));
        merge(json.withObject("/metadata"), only(wanted, "annotations"));
        return json.equals(found.json())
                ? Optional.of(found)
                : Optional.of(store.update(new Resource(found.kind(), json)));
    }

    /** What an owner hands down of its annotations: all that people wrote, not what kubectl or a
     * controller keeps there for itself. */
    static Map<String, String> handedDown(Map<String, String> annotations) {
        Map<String, String> kept = new LinkedHashMap<>(annotations);
        kept.remove(LAST_APPLIED);
        kept.remove(Names.ROUTING_STATE_MODIFIED);
        return kept;
    }

    static Optional<Resource> create(ResourceStore store, Resource owner, Resource wanted) {
        try {
            return Optional.of(store.create(wanted));
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.ALREADY_EXISTS) {
                throw e;
            }
            return store.get(wanted.key()).filter(found -> by(owner, found));
        }
    }

    private static JsonNode only(Resource resource, String field) {
        ObjectNode only = JsonNodeFactory.instance.objectNode();
        JsonNode value = resource.at("/metadata/" + field);
        if (value.isObject()) {
            only.set(field, value);
        }
        return only;
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.forEachEntry((name, value) -> {
            if (value.isObject() && into.get(name) instanceof ObjectNode inner) {
                merge(inner, value);
            } else {
                into.set(name, value.deepCopy());
            }
        });
    }

    private static void put(ObjectNode metadata, String field, Map<String, String> values) {
        if (values.isEmpty()) {
            metadata.remove(field);
            return;
        }
        ObjectNode json = metadata.putObject(field);
        values.forEach(json::put);
    }
}
