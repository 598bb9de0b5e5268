package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The committed state in memory: every resource by kind, namespace and name, and by owner, with the latest changes of
 * each kind.
 *
 * <p>Everything is guarded by {@code lock}, which is held for lookups and copies only, never during I/O. The writer
 * thread alone changes it.
 */
final class Index implements Objects {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, NavigableMap<String, Resource>> byKind = new HashMap<>();
    private final Map<Kind, History> histories = new HashMap<>();
    private final Map<String, Map<Key, Resource>> byOwner = new HashMap<>();
    private final Map<String, Key> byUid = new HashMap<>();
    private final long floor;
    private long version;

    /**
     * @param resources everything that is stored
     * @param version the newest resourceVersion ever committed
     */
    Index(List<Resource> resources, long version) {
        this.floor = version;
        this.version = version;
        resources.forEach(this::put);
    }

    @Override
    public Optional<Resource> get(Key key) {
        lock.lock();
        try {
            return Optional.ofNullable(kind(key.kind()).get(place(key.namespace(), key.name())));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Resource> find(String uid) {
        lock.lock();
        try {
            return Optional.ofNullable(byUid.get(uid)).flatMap(this::get);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Resource> ownedBy(String uid) {
        lock.lock();
        try {
            return List.copyOf(byOwner.getOrDefault(uid, Map.of()).values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Resource> all() {
        return everything().resources();
    }

    /** Everything of a kind, of one namespace or (empty) of all. */
    Listing list(Kind kind, String namespace) {
        lock.lock();
        try {
            return new Listing(copy(kind, namespace), version);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same as it was at a version: what there is now, with the changes since then undone.
     *
     * @throws GoneException when some of those changes are not kept any more
     */
    Listing listAt(Kind kind, String namespace, long at) {
        lock.lock();
        try {
            if (at > version) {
                throw new GoneException(at, version);
            }
            NavigableMap<String, Resource> then = new TreeMap<>(kind(kind));
            for (Step step : history(kind).after(at, version).reversed()) {
                Resource changed = step.change().resource();
                String place = place(changed.namespace(), changed.name());
                step.before().ifPresentOrElse(before -> then.put(place, before), () -> then.remove(place));
            }
            return new Listing(in(then, namespace), at);
        } finally {
            lock.unlock();
        }
    }

    /** Everything there is, at one moment. */
    Listing everything() {
        lock.lock();
        try {
            List<Resource> all = new ArrayList<>();
            byKind.values().forEach(ofKind -> all.addAll(ofKind.values()));
            return new Listing(all, version);
        } finally {
            lock.unlock();
        }
    }

    /** Every resource of every kind whose owners are all gone. */
    List<Key> orphans() {
        lock.lock();
        try {
            List<Key> orphans = new ArrayList<>();
            byOwner.forEach((uid, owned) -> owned.forEach((key, resource) -> {
                if (Owners.of(resource).stream().noneMatch(byUid::containsKey)) {
                    orphans.add(key);
                }
            }));
            return orphans;
        } finally {
            lock.unlock();
        }
    }

    /** Lists a kind and, before anything else can change, does what has to be done with that list. */
    void withList(Kind kind, Consumer<List<Resource>> task) {
        lock.lock();
        try {
            task.accept(copy(kind, ""));
        } finally {
            lock.unlock();
        }
    }

    /** Takes in a committed group, then hands its changes on in order. */
    void publish(Draft group, Consumer<Change> announce) {
        lock.lock();
        try {
            group.writes().forEach((key, written) -> {
                drop(key);
                written.ifPresent(this::put);
            });
            version = group.version();
            for (Step step : group.steps()) {
                history(step.change().resource().kind()).add(step);
                announce.accept(step.change());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The changes of a kind after a version, the first hundred; waits for one when there is none yet.
     *
     * @return empty when the time is over
     * @throws GoneException when some of those changes are not kept any more
     */
    Changes changesAfter(Kind kind, long after, Duration wait) throws InterruptedException {
        lock.lock();
        try {
            if (after > version) {
                throw new GoneException(after, version);
            }
            History history = history(kind);
            long nanos = wait.toNanos();
            List<Step> steps = history.firstAfter(after, version);
            while (steps.isEmpty() && nanos > 0) {
                nanos = history.added().awaitNanos(nanos);
                steps = history.firstAfter(after, version);
            }
            return new Changes(
                    steps,
                    steps.size() < History.AT_ONCE ? version : steps.getLast().version());
        } finally {
            lock.unlock();
        }
    }

    private List<Resource> copy(Kind kind, String namespace) {
        return in(kind(kind), namespace);
    }

    private static List<Resource> in(NavigableMap<String, Resource> all, String namespace) {
        return List.copyOf(
                namespace.isEmpty()
                        ? all.values()
                        : all.subMap(namespace + '\0', namespace + '\1').values());
    }

    private void put(Resource resource) {
        Key key = resource.key();
        kind(key.kind()).put(place(key.namespace(), key.name()), resource);
        byUid.put(resource.uid(), key);
        for (String owner : Owners.of(resource)) {
            byOwner.computeIfAbsent(owner, any -> new LinkedHashMap<>()).put(key, resource);
        }
    }

    private void drop(Key key) {
        Resource old = kind(key.kind()).remove(place(key.namespace(), key.name()));
        if (old == null) {
            return;
        }
        byUid.remove(old.uid());
        for (String owner : Owners.of(old)) {
            byOwner.computeIfPresent(owner, (uid, owned) -> {
                owned.remove(key);
                return owned.isEmpty() ? null : owned;
            });
        }
    }

    private NavigableMap<String, Resource> kind(Kind kind) {
        return byKind.computeIfAbsent(kind, any -> new TreeMap<>());
    }

    private History history(Kind kind) {
        return histories.computeIfAbsent(kind, any -> new History(floor, lock.newCondition()));
    }

    /** Sorts by namespace, then name: no namespace or name contains a NUL. */
    private static String place(String namespace, String name) {
        return namespace + '\0' + name;
    }
}
