package dev.weft.catalog.slo;

import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.openslo.Slo;
import dev.weft.resources.openslo.TimeWindow;
import dev.weft.resources.reading.Read;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Follows the SLO resources, counts for each, and writes their status: at once when a condition changes, else at most
 * every five seconds.
 *
 * <p>Owner of everything here: {@code lock}. It is not held while the store or the disk is written.
 */
public final class Objectives implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Objectives.class);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(5);
    private static final Duration FILE_EVERY = Duration.ofSeconds(10);

    /** One SLO: computed, or refused with the reason why. */
    private static final class Entry {
        private Resource resource;
        private Optional<Tracked> tracked = Optional.empty();
        private String reason = "";
        private String message = "";
        private long writtenMillis = Long.MIN_VALUE / 2;

        Entry(Resource resource) {
            this.resource = resource;
        }
    }

    private final ResourceStore store;
    private final Clock clock;
    private final Supplier<Map<Traffic, Sums>> sums;
    private final Optional<SumsFile> file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Entry> entries = new TreeMap<>(java.util.Comparator.comparing(Key::toString));

    /** Of an earlier run, until the SLO turns up. */
    private final Map<String, SumsFile.Kept> past;

    private final AutoCloseable watch;
    private long fileMillis;
    private boolean changed;

    /**
     * Starts to follow.
     *
     * @param sums all series as they stand
     * @param directory where counts survive a restart; empty for nowhere
     */
    public Objectives(ResourceStore store, Clock clock, Supplier<Map<Traffic, Sums>> sums, Optional<Path> directory) {
        this.store = store;
        this.clock = clock;
        this.sums = sums;
        this.file = directory.map(SumsFile::new);
        this.past = file.map(SumsFile::read).orElseGet(HashMap::new);
        this.fileMillis = clock.millis();
        this.watch = store.watch(Kinds.SLO, this::changed);
    }

    /** Counts and writes; called about once a second, by one thread. */
    public void tick() {
        long now = clock.millis();
        Map<Traffic, Sums> all = sums.get();
        Map<Key, ObjectNode> due = new HashMap<>();
        lock.lock();
        try {
            for (Map.Entry<Key, Entry> each : entries.entrySet()) {
                Entry entry = each.getValue();
                if (entry.tracked.isPresent()) {
                    changed |= entry.tracked.get().read(all, now);
                }
                ObjectNode status = status(entry);
                boolean other = !SloStatus.sameConditions(status, entry.resource.at("/status"));
                boolean dueAgain = now - entry.writtenMillis >= STATUS_EVERY.toMillis()
                        && !status.equals(entry.resource.at("/status"));
                if (other || dueAgain) {
                    entry.writtenMillis = now;
                    due.put(each.getKey(), status);
                }
            }
        } finally {
            lock.unlock();
        }
        due.forEach(this::write);
        if (now - fileMillis >= FILE_EVERY.toMillis()) {
            fileMillis = now;
            save();
        }
    }

    /** All objectives that are computed, counted up to now. */
    public List<ObjectiveState> states() {
        Map<Traffic, Sums> all = sums.get();
        List<ObjectiveState> states = new ArrayList<>();
        lock.lock();
        try {
            for (Entry entry : entries.values()) {
                entry.tracked.ifPresent(tracked -> {
                    changed |= tracked.read(all, clock.millis());
                    states.addAll(tracked.states());
                });
            }
        } finally {
            lock.unlock();
        }
        return states;
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("The watch of SLOs did not close", e);
        }
        changed = true;
        save();
    }

    private void changed(Change change) {
        Key key = change.resource().key();
        lock.lock();
        try {
            if (change.type() == Change.Type.DELETED) {
                changed |= entries.remove(key) != null;
                return;
            }
            Entry old = entries.get(key);
            if (old != null && spec(old.resource).equals(spec(change.resource()))) {
                old.resource = change.resource();
                return;
            }
            entries.put(key, entry(change.resource()));
        } finally {
            lock.unlock();
        }
    }

    private Entry entry(Resource resource) {
        Entry entry = new Entry(resource);
        Read<Slo> read = Slo.read(resource);
        if (read.value().isEmpty()) {
            Problem problem = read.problems().getFirst();
            entry.reason = problem.reason();
            entry.message = problem.message() + " " + problem.remedy();
            return entry;
        }
        Slo slo = read.value().get();
        try {
            if (!(slo.window() instanceof TimeWindow.Rolling rolling)) {
                throw new IllegalArgumentException("calendar windows are not computed yet (expected: isRolling: true)");
            }
            entry.tracked = Optional.of(
                    new Tracked(slo, rolling.duration(), Meter.of(slo), past(resource), sums.get(), clock.millis()));
        } catch (IllegalArgumentException e) {
            entry.reason = "IndicatorNotUnderstood";
            entry.message = String.valueOf(e.getMessage());
        }
        return entry;
    }

    /** The counts of an earlier run, if they were of the same indicator; for the first that asks. */
    private List<Slots.Slot> past(Resource resource) {
        SumsFile.Kept kept = past.remove(name(resource));
        return kept != null && kept.indicator().equals(indicator(resource)) ? kept.slots() : List.of();
    }

    private ObjectNode status(Entry entry) {
        Instant now = clock.instant();
        if (entry.tracked.isEmpty()) {
            return SloStatus.refused(entry.resource, entry.reason, entry.message, now);
        }
        Tracked tracked = entry.tracked.get();
        String remark = tracked.countsOneSide()
                ? ""
                : " A request between two workloads counts twice: add direction=\"outbound\" to the queries.";
        return SloStatus.computed(entry.resource, tracked.states(), remark, now);
    }

    private void write(Key key, ObjectNode status) {
        try {
            store.updateStatus(key, status);
        } catch (RefusedException e) {
            LOG.debug("{} took no status: {}", key, e.getMessage());
        }
    }

    private void save() {
        if (file.isEmpty()) {
            return;
        }
        Map<String, SumsFile.Kept> kept = new TreeMap<>();
        lock.lock();
        try {
            if (!changed) {
                return;
            }
            changed = false;
            kept.putAll(past);
            for (Entry entry : entries.values()) {
                entry.tracked.ifPresent(tracked ->
                        kept.put(name(entry.resource), new SumsFile.Kept(indicator(entry.resource), tracked.slots())));
            }
        } finally {
            lock.unlock();
        }
        file.get().write(kept);
    }

    private static String name(Resource resource) {
        return resource.namespace() + "/" + resource.name();
    }

    private static JsonNode spec(Resource resource) {
        return resource.at("/spec");
    }

    private static String indicator(Resource resource) {
        return resource.at("/spec/indicator").toString();
    }
}
