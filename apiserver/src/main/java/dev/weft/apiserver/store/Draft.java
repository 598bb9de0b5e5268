package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes on top of what there is, not yet committed: of one operation, or of a whole group. Dropping it undoes them.
 * Used by the writer thread alone.
 */
final class Draft implements Objects {

    private final Objects below;
    private final Map<Key, Optional<Resource>> writes = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private long version;

    Draft(Objects below) {
        this.below = below;
        this.version = below.version();
    }

    @Override
    public Optional<Resource> get(Key key) {
        Optional<Resource> written = writes.get(key);
        return written == null ? below.get(key) : written;
    }

    @Override
    public Optional<Resource> find(String uid) {
        for (Optional<Resource> written : writes.values()) {
            if (written.isPresent() && written.get().uid().equals(uid)) {
                return written;
            }
        }
        return below.find(uid).filter(resource -> !writes.containsKey(resource.key()));
    }

    @Override
    public List<Resource> ownedBy(String uid) {
        List<Resource> owned = new ArrayList<>();
        for (Resource resource : below.ownedBy(uid)) {
            if (!writes.containsKey(resource.key())) {
                owned.add(resource);
            }
        }
        for (Optional<Resource> written : writes.values()) {
            if (written.isPresent() && Owners.of(written.get()).contains(uid)) {
                owned.add(written.get());
            }
        }
        return owned;
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public List<Resource> all() {
        List<Resource> all = new ArrayList<>();
        for (Resource resource : below.all()) {
            if (!writes.containsKey(resource.key())) {
                all.add(resource);
            }
        }
        writes.values().forEach(written -> written.ifPresent(all::add));
        return all;
    }

    /** Writes the document under its own key, with the next resourceVersion. */
    Resource put(Key key, ObjectNode json) {
        Optional<Resource> before = get(key);
        Change.Type type = before.isPresent() ? Change.Type.MODIFIED : Change.Type.ADDED;
        Resource stored = numbered(key, json);
        writes.put(key, Optional.of(stored));
        steps.add(new Step(new Change(type, stored), before));
        return stored;
    }

    /** Removes a resource; the change that tells of it carries the next resourceVersion, as in Kubernetes. */
    void remove(Resource resource) {
        Resource last = numbered(resource.key(), resource.edit());
        writes.put(resource.key(), Optional.empty());
        steps.add(new Step(new Change(Change.Type.DELETED, last), Optional.of(resource)));
    }

    /** Moves everything written here into the draft that this one was opened on. */
    void mergeInto(Draft group) {
        group.writes.putAll(writes);
        group.steps.addAll(steps);
        group.version = version;
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** The last state of each resource written; empty for one that is gone. */
    Map<Key, Optional<Resource>> writes() {
        return writes;
    }

    List<Step> steps() {
        return steps;
    }

    private Resource numbered(Key key, ObjectNode json) {
        json.withObject("/metadata").put("resourceVersion", Long.toString(++version));
        return new Resource(key.kind(), json);
    }
}
