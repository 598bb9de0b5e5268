package dev.weft.resources;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A store for tests of controllers: everything in memory, changes delivered on the writing thread. */
public final class MemoryStore implements ResourceStore {

    private final Map<Key, Resource> resources = new HashMap<>();
    private final Map<Kind, List<Consumer<Change>>> watchers = new HashMap<>();
    private long version;

    @Override
    public synchronized Optional<Resource> get(Key key) {
        return Optional.ofNullable(resources.get(key));
    }

    @Override
    public synchronized List<Resource> list(Kind kind) {
        return resources.values().stream()
                .filter(resource -> resource.kind().equals(kind))
                .sorted(Comparator.comparing(Resource::namespace).thenComparing(Resource::name))
                .toList();
    }

    @Override
    public synchronized Resource create(Resource resource) {
        if (resources.containsKey(resource.key())) {
            throw refused(RefusedException.Reason.ALREADY_EXISTS, resource.key() + " exists already");
        }
        ObjectNode json = resource.edit();
        ObjectNode metadata = json.withObject("/metadata");
        metadata.put("uid", new java.util.UUID(0, ++version).toString());
        metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
        metadata.put("generation", 1);
        Resource stored = store(Change.Type.ADDED, resource.kind(), json);
        if (!stored.at("/metadata/ownerReferences").isEmpty() && !owned(stored)) {
            delete(stored.key());
        }
        return stored;
    }

    @Override
    public synchronized Resource update(Resource resource) {
        Resource old = existing(resource.key());
        String expected = resource.resourceVersion();
        if (!expected.isEmpty() && !expected.equals(old.resourceVersion())) {
            throw refused(RefusedException.Reason.CONFLICT, resource.key() + " has changed meanwhile");
        }
        ObjectNode json = resource.edit();
        keep(old, json);
        return replace(old, json);
    }

    @Override
    public synchronized Resource apply(Resource resource) {
        Resource old = resources.get(resource.key());
        if (old == null) {
            return create(resource);
        }
        ObjectNode json = old.edit();
        resource.json().forEachEntry((field, value) -> {
            if (field.equals("metadata")) {
                merge(json.withObject("/metadata"), value);
            } else if (!field.equals("status")) {
                json.set(field, value.deepCopy());
            }
        });
        keep(old, json);
        return replace(old, json);
    }

    @Override
    public synchronized Resource updateStatus(Key key, ObjectNode status) {
        Resource old = existing(key);
        if (status.equals(old.json().get("status"))) {
            return old;
        }
        ObjectNode json = old.edit();
        json.set("status", status.deepCopy());
        return store(Change.Type.MODIFIED, key.kind(), json);
    }

    @Override
    public synchronized void delete(Key key) {
        Resource old = resources.get(key);
        if (old == null) {
            return;
        }
        if (!old.at("/metadata/finalizers").isEmpty()) {
            ObjectNode json = old.edit();
            json.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
            store(Change.Type.MODIFIED, key.kind(), json);
            return;
        }
        resources.remove(key);
        announce(new Change(Change.Type.DELETED, old));
        List<Key> owned = resources.values().stream()
                .filter(resource -> owns(old, resource) && !owned(resource))
                .map(Resource::key)
                .toList();
        owned.forEach(this::delete);
    }

    @Override
    public synchronized void deleteUnchanged(Resource seen) {
        Resource newest = resources.get(seen.key());
        if (newest == null) {
            return;
        }
        if (!newest.resourceVersion().equals(seen.resourceVersion())) {
            throw refused(RefusedException.Reason.CONFLICT, seen.key() + " has changed meanwhile");
        }
        delete(seen.key());
    }

    @Override
    public synchronized AutoCloseable watch(Kind kind, Consumer<Change> consumer) {
        list(kind).forEach(resource -> consumer.accept(new Change(Change.Type.ADDED, resource)));
        watchers.computeIfAbsent(kind, any -> new ArrayList<>()).add(consumer);
        return () -> {
            synchronized (this) {
                watchers.getOrDefault(kind, new ArrayList<>()).remove(consumer);
            }
        };
    }

    private Resource existing(Key key) {
        return get(key).orElseThrow(() -> refused(RefusedException.Reason.NOT_FOUND, key + " does not exist"));
    }

    private Resource replace(Resource old, ObjectNode json) {
        if (json.equals(old.json())) {
            return old;
        }
        if (!wanted(json).equals(wanted(old.json()))) {
            json.withObject("/metadata").put("generation", old.generation() + 1);
        }
        Resource stored = store(Change.Type.MODIFIED, old.kind(), json);
        if (stored.deleting() && stored.at("/metadata/finalizers").isEmpty()) {
            delete(stored.key());
        }
        return stored;
    }

    private Resource store(Change.Type type, Kind kind, ObjectNode json) {
        json.withObject("/metadata").put("resourceVersion", Long.toString(++version));
        Resource stored = new Resource(kind, json);
        resources.put(stored.key(), stored);
        announce(new Change(type, stored));
        return stored;
    }

    private void announce(Change change) {
        List.copyOf(watchers.getOrDefault(change.resource().kind(), List.of()))
                .forEach(watcher -> watcher.accept(change));
    }

    private static void keep(Resource old, ObjectNode json) {
        ObjectNode metadata = json.withObject("/metadata");
        for (String field : List.of("uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp")) {
            JsonNode value = old.at("/metadata/" + field);
            if (value.isMissingNode()) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
        JsonNode status = old.json().get("status");
        if (status == null) {
            json.remove("status");
        } else {
            json.set("status", status);
        }
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

    private static ObjectNode wanted(ObjectNode json) {
        ObjectNode wanted = json.deepCopy();
        wanted.remove("metadata");
        wanted.remove("status");
        return wanted;
    }

    private boolean owned(Resource resource) {
        return resources.values().stream().anyMatch(other -> owns(other, resource));
    }

    private static boolean owns(Resource owner, Resource resource) {
        for (JsonNode reference : resource.at("/metadata/ownerReferences")) {
            if (reference.path("uid").asString("").equals(owner.uid())) {
                return true;
            }
        }
        return false;
    }

    private static RefusedException refused(RefusedException.Reason reason, String message) {
        return new RefusedException(reason, message, List.of());
    }
}
