package dev.weft.serving.knative;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.serving.scale.ScaleChange;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes each change of a revision's scale as an Event on the Revision, after the change and on a thread of its own. A
 * revision has one Event for each way ({@code ScaledUp}, {@code ScaledDown}, {@code ScaledToZero}), which counts, so
 * that a revision that wakes and sleeps all day does not fill the store.
 */
public final class ScaleEvents implements AutoCloseable {

    private record Slot(Key revision, String reason) {}

    private record Pending(ScaleChange newest, int count) {}

    private final ResourceStore store;
    private final Map<Slot, Pending> pending = new ConcurrentHashMap<>();
    private final Reconciler<Slot> worker = new Reconciler<>("serving-events", this::write);

    public ScaleEvents(ResourceStore store) {
        this.store = store;
    }

    /** Returns at once. */
    public void record(ScaleChange change) {
        Key revision = Kinds.REVISION.key(
                change.revision().namespace(), change.revision().name());
        Slot slot = new Slot(revision, reason(change));
        pending.merge(slot, new Pending(change, 1), (before, now) -> new Pending(now.newest(), before.count() + 1));
        worker.enqueue(slot);
    }

    @Override
    public void close() {
        worker.close();
    }

    private static String reason(ScaleChange change) {
        if (change.to() == 0) {
            return "ScaledToZero";
        }
        return change.to() > change.from() ? "ScaledUp" : "ScaledDown";
    }

    private void write(Slot slot) {
        Pending changes = pending.remove(slot);
        Optional<Resource> revision = store.get(slot.revision());
        if (changes == null || revision.isEmpty()) {
            return;
        }
        String name = slot.revision().name() + "." + slot.reason().toLowerCase(java.util.Locale.ROOT);
        Key key = Kinds.EVENT.key(slot.revision().namespace(), name);
        Optional<Resource> before = store.get(key);
        ObjectNode json = before.map(Resource::edit).orElseGet(() -> first(revision.get(), key));
        ScaleChange newest = changes.newest();
        String now = newest.at().truncatedTo(ChronoUnit.SECONDS).toString();
        json.put("reason", slot.reason());
        json.put("message", newest.from() + " to " + newest.to() + " instances: " + newest.reason());
        json.put("count", json.path("count").asInt(0) + changes.count());
        json.put("lastTimestamp", now);
        if (before.isEmpty()) {
            json.put("firstTimestamp", now);
            store.create(new Resource(Kinds.EVENT, json));
        } else {
            store.update(new Resource(Kinds.EVENT, json));
        }
    }

    private static ObjectNode first(Resource revision, Key key) {
        Resource event = Owned.of(revision, key, Map.of(), Map.of());
        ObjectNode json = event.json();
        ObjectNode about = json.putObject("involvedObject");
        about.put("apiVersion", revision.kind().apiVersion());
        about.put("kind", revision.kind().kind());
        about.put("name", revision.name());
        about.put("namespace", revision.namespace());
        about.put("uid", revision.uid());
        json.put("type", "Normal");
        json.putObject("source").put("component", "weft-serving");
        return json;
    }
}
