package dev.weft.runtime.pod;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code v1 Event}s, off the path of what they report. The same event of the same object counts up; of all that
 * this component wrote since its start the newest 500 stay.
 *
 * <p>Owner of {@code written}: the one writing thread.
 */
public final class Events implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int KEPT = 500;

    /** What makes two events the same. */
    private record Sameness(String uid, String reason, String message) {}

    private record Written(Key key, Instant first, int count) {}

    private final ResourceStore store;
    private final InstantSource clock;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("pod-events").factory());
    private final Map<Sameness, Written> written = new LinkedHashMap<>();
    private long sequence;

    public Events(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    public void normal(Resource about, String reason, String message) {
        enqueue(about, "Normal", reason, message);
    }

    public void warning(Resource about, String reason, String message) {
        enqueue(about, "Warning", reason, message);
    }

    /** Returns when what is enqueued is written. */
    @Override
    public void close() {
        writer.close();
    }

    private void enqueue(Resource about, String type, String reason, String message) {
        Instant now = clock.instant();
        try {
            writer.execute(() -> write(about, type, reason, message, now));
        } catch (RejectedExecutionException e) {
            LOG.debug("event {} of {} came after the end", reason, about);
        }
    }

    private void write(Resource about, String type, String reason, String message, Instant now) {
        Sameness sameness = new Sameness(about.uid(), reason, message);
        Written before = written.remove(sameness);
        Written event = before == null
                ? new Written(newKey(about, now), now, 1)
                : new Written(before.key(), before.first(), before.count() + 1);
        written.put(sameness, event);
        try {
            store.apply(resource(about, type, sameness, event, now));
            if (written.size() > KEPT) {
                Sameness oldest = written.keySet().iterator().next();
                Written gone = written.remove(oldest);
                if (gone != null) {
                    store.delete(gone.key());
                }
            }
        } catch (RefusedException e) {
            LOG.warn("event {} of {} was not written: {}", reason, about, e.getMessage());
        }
    }

    private Key newKey(Resource about, Instant now) {
        String unique = Long.toHexString(now.toEpochMilli()) + Long.toHexString(sequence++);
        return Kinds.EVENT.key(about.namespace(), about.name() + "." + unique);
    }

    private static Resource resource(Resource about, String type, Sameness what, Written event, Instant now) {
        Resource resource = Resource.of(event.key());
        ObjectNode json = resource.json();
        json.putObject("involvedObject")
                .put("apiVersion", about.kind().apiVersion())
                .put("kind", about.kind().kind())
                .put("namespace", about.namespace())
                .put("name", about.name())
                .put("uid", about.uid());
        json.put("type", type);
        json.put("reason", what.reason());
        json.put("message", what.message());
        json.put("count", event.count());
        json.put("firstTimestamp", PodStatus.time(event.first()));
        json.put("lastTimestamp", PodStatus.time(now));
        json.putObject("source").put("component", "weft-runtime");
        json.put("reportingComponent", "weft-runtime");
        return resource;
    }
}
