package dev.weft.apiserver.store;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException.Reason;
import dev.weft.resources.Resource;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How resources go: finalizers first, then the resource, then what only it owned, all in the transaction of the write
 * that caused it, so that no crash leaves half of it.
 */
final class Removal {

    private static final String FOREGROUND = "foregroundDeletion";

    private final InstantSource clock;

    Removal(InstantSource clock) {
        this.clock = clock;
    }

    void delete(Draft draft, Key key, Deletion deletion) {
        Resource old = draft.get(key).orElse(null);
        if (old == null) {
            return;
        }
        if (differs(deletion.uid(), old.uid()) || differs(deletion.resourceVersion(), old.resourceVersion())) {
            throw Lifecycle.refused(Reason.CONFLICT, key + " is not the one that was meant: it has changed meanwhile");
        }
        switch (deletion.propagation()) {
            case BACKGROUND -> markOrRemove(draft, old);
            case ORPHAN -> {
                draft.ownedBy(old.uid()).forEach(owned -> release(draft, owned, old.uid()));
                markOrRemove(draft, old);
            }
            case FOREGROUND -> foreground(draft, old);
        }
    }

    /** Changes the document: as long as anything is in a namespace that goes, nobody takes away what holds it. */
    void hold(Draft draft, Resource old, ObjectNode json) {
        if (old.kind().equals(Kinds.NAMESPACE)
                && old.deleting()
                && old.at("/spec/finalizers") instanceof ArrayNode finalizers
                && draft.all().stream().anyMatch(each -> each.namespace().equals(old.name()))) {
            json.withObject("/spec").set("finalizers", finalizers);
        }
    }

    /** Removes a resource that is marked for deletion and that no finalizer holds any more. */
    void finishIfReleased(Draft draft, Resource resource) {
        if (resource.deleting() && !held(resource)) {
            remove(draft, resource);
        }
    }

    /** Removes a resource that came after the last of its owners went. */
    void collectIfOrphaned(Draft draft, Resource resource) {
        Set<String> owners = Owners.of(resource);
        if (!owners.isEmpty()
                && owners.stream().noneMatch(uid -> draft.find(uid).isPresent())) {
            markOrRemove(draft, resource);
        }
    }

    private void foreground(Draft draft, Resource old) {
        if (draft.ownedBy(old.uid()).isEmpty()) {
            markOrRemove(draft, old);
            return;
        }
        ObjectNode json = old.edit();
        ArrayNode finalizers = json.withObject("/metadata").withArrayProperty("finalizers");
        if (!finalizers.valueStream().anyMatch(name -> name.asString("").equals(FOREGROUND))) {
            finalizers.add(FOREGROUND);
        }
        Resource held = mark(draft, new Resource(old.kind(), json));
        draft.ownedBy(held.uid()).forEach(owned -> {
            boolean others = Owners.of(owned).stream()
                    .flatMap(uid -> draft.find(uid).stream())
                    .anyMatch(owner -> !owner.deleting());
            if (others) {
                release(draft, owned, held.uid());
            } else {
                foreground(draft, owned);
            }
        });
        draft.get(held.key()).ifPresent(owner -> letGo(draft, owner)); // all of them had other owners
    }

    private void markOrRemove(Draft draft, Resource resource) {
        if (!held(resource)) {
            remove(draft, resource);
        } else if (!resource.deleting()) {
            mark(draft, resource);
        }
    }

    private Resource mark(Draft draft, Resource resource) {
        ObjectNode json = resource.edit();
        ObjectNode metadata = json.withObject("/metadata");
        if (!resource.deleting()) {
            metadata.put(
                    "deletionTimestamp",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        if (resource.kind().equals(Kinds.NAMESPACE)) {
            json.withObject("/status").put("phase", "Terminating");
        }
        return draft.put(resource.key(), json);
    }

    private void remove(Draft draft, Resource resource) {
        draft.remove(resource);
        for (Resource owned : draft.ownedBy(resource.uid())) {
            draft.get(owned.key()).ifPresent(child -> collectIfOrphaned(draft, child));
        }
        for (String owner : Owners.of(resource)) {
            draft.find(owner).ifPresent(parent -> letGo(draft, parent));
        }
    }

    /** Takes the foreground finalizer from an owner whose last child has gone. */
    private void letGo(Draft draft, Resource owner) {
        if (!owner.deleting() || !draft.ownedBy(owner.uid()).isEmpty()) {
            return;
        }
        ObjectNode json = owner.edit();
        JsonNode finalizers = json.at("/metadata/finalizers");
        if (finalizers instanceof ArrayNode names && without(names, FOREGROUND)) {
            finishIfReleased(draft, draft.put(owner.key(), json));
        }
    }

    private static void release(Draft draft, Resource owned, String owner) {
        ObjectNode json = owned.edit();
        ArrayNode references = json.withObject("/metadata").withArrayProperty("ownerReferences");
        for (int i = references.size() - 1; i >= 0; i--) {
            if (references.get(i).path("uid").asString("").equals(owner)) {
                references.remove(i);
            }
        }
        draft.put(owned.key(), json);
    }

    private static boolean without(ArrayNode names, String name) {
        for (int i = names.size() - 1; i >= 0; i--) {
            if (names.get(i).asString("").equals(name)) {
                names.remove(i);
                return true;
            }
        }
        return false;
    }

    /** A namespace has its finalizers in its spec too, as in Kubernetes. */
    private static boolean held(Resource resource) {
        return !resource.at("/metadata/finalizers").isEmpty()
                || (resource.kind().equals(Kinds.NAMESPACE)
                        && !resource.at("/spec/finalizers").isEmpty());
    }

    private static boolean differs(String expected, String found) {
        return !expected.isEmpty() && !expected.equals(found);
    }
}
