package dev.weft.serving.scale;

import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.serving.activation.RevisionPods;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps each revision's {@code Deployment.spec.replicas} at what its demand asks for. Requests are counted on event
 * loops; everything else of a revision belongs to one virtual thread, which works off the revisions that a tick or a
 * waiting request named.
 *
 * <p>On the way to zero, the running instances are dismissed before the wish is written: a request that begins to wait
 * after that is not let go with an instance that is leaving, and its wish for a new one is decided after, on the same
 * thread.
 */
public final class Autoscaler implements AutoCloseable {

    private static final int CHANGES_KEPT = 32;
    private static final int WRITE_TRIES = 5;
    private static final int UNKNOWN = -1;

    /** One tracked revision; {@code scaler} belongs to the worker. */
    private static final class Tracked {
        final RevisionScaler scaler;
        final AtomicBoolean urgent = new AtomicBoolean();
        volatile ScaledRevision revision;
        volatile int wanted = UNKNOWN;
        volatile ScaleReport report;

        Tracked(ScaledRevision revision, RevisionScaler scaler) {
            this.revision = revision;
            this.scaler = scaler;
            this.report = new ScaleReport(
                    revision.name(), revision.policy(), 0, 0, 0, 0, 0, false, 0, "nothing is decided yet", List.of());
        }
    }

    private final ResourceStore store;
    private final RevisionPods pods;
    private final ToIntFunction<ServiceName> waiting;
    private final Consumer<ScaleChange> changed;
    private final Duration grace;
    private final Duration activationLimit;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<ServiceName, Tracked> tracked = new ConcurrentHashMap<>();
    private final Reconciler<ServiceName> worker = new Reconciler<>("serving-autoscaler", this::decide);

    /**
     * @param waiting how many requests wait for an instance of a revision
     * @param changed told of every change that was written, on the autoscaler's thread; must return at once
     * @param grace see {@link RevisionScaler}
     * @param activationLimit see {@link RevisionScaler}
     * @param nanos a clock that only goes forward
     */
    public Autoscaler(
            ResourceStore store,
            RevisionPods pods,
            ToIntFunction<ServiceName> waiting,
            Consumer<ScaleChange> changed,
            Duration grace,
            Duration activationLimit,
            InstantSource clock,
            LongSupplier nanos) {
        this.store = store;
        this.pods = pods;
        this.waiting = waiting;
        this.changed = changed;
        this.grace = grace;
        this.activationLimit = activationLimit;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Scales this revision from now on, or goes on with what changed of it. */
    public void track(ScaledRevision revision) {
        Tracked entry = tracked.computeIfAbsent(
                revision.name(),
                name -> new Tracked(revision, new RevisionScaler(revision, grace, activationLimit, nanos.getAsLong())));
        entry.revision = revision;
        worker.enqueue(revision.name());
    }

    public void forget(ServiceName revision) {
        tracked.remove(revision);
    }

    /** A request was sent to this service. Cheap, and nothing for a service that is no revision. */
    public void started(ServiceName service) {
        Tracked entry = tracked.get(service);
        if (entry != null) {
            entry.scaler.demand().started(nanos.getAsLong());
        }
    }

    /** A request that was sent to this service has ended. */
    public void ended(ServiceName service) {
        Tracked entry = tracked.get(service);
        if (entry != null) {
            entry.scaler.demand().ended(nanos.getAsLong());
        }
    }

    /** Somebody waits: decide at once. False when the name is no revision. */
    public boolean wake(ServiceName revision) {
        Tracked entry = tracked.get(revision);
        if (entry == null) {
            return false;
        }
        entry.urgent.set(true);
        worker.enqueue(revision);
        return true;
    }

    /** Something of the revision changed: look at it soon. */
    public void look(ServiceName revision) {
        if (tracked.containsKey(revision)) {
            worker.enqueue(revision);
        }
    }

    /** Called every second: has every revision that is not asleep looked at. */
    public void tick() {
        tracked.forEach((name, entry) -> {
            boolean asleep = entry.wanted == 0
                    && entry.scaler.demand().inFlight() == 0
                    && pods.of(name).isEmpty();
            if (!asleep) {
                worker.enqueue(name);
            }
        });
    }

    /** Why the revision has as many instances as it has; empty for a name that is no revision. */
    public Optional<ScaleReport> report(ServiceName revision) {
        return Optional.ofNullable(tracked.get(revision)).map(entry -> entry.report);
    }

    @Override
    public void close() {
        worker.close();
    }

    /** Decides for one revision now; for the worker, and for tests that have no other thread. */
    void decide(ServiceName name) {
        Tracked entry = tracked.get(name);
        Optional<Resource> deployment = entry == null ? Optional.empty() : store.get(deploymentOf(name));
        if (entry == null || deployment.isEmpty()) {
            return;
        }
        boolean urgent = entry.urgent.getAndSet(false);
        int wanted = deployment.get().at("/spec/replicas").asInt(1);
        int ready = pods.serving(name).size();
        int waits = waiting.applyAsInt(name);
        entry.scaler.revise(entry.revision);
        boolean asked = urgent || entry.scaler.demand().inFlight() > 0;
        boolean hurry = asked && ready == 0;
        RevisionScaler.Wish wish = entry.scaler.decide(nanos.getAsLong(), wanted, ready, waits, hurry);
        entry.wanted = wanted;
        List<ScaleChange> changes = entry.report.changes();
        if (wish.instances() != wanted) {
            ScaleChange change = new ScaleChange(name, clock.instant(), wanted, wish.instances(), wish.reason());
            write(entry, change, hurry);
            changes = appended(changes, change);
        }
        entry.report = report(entry, ready, wish, changes);
    }

    private void write(Tracked entry, ScaleChange change, boolean hurry) {
        ServiceName name = change.revision();
        if (change.to() == 0) {
            pods.dismiss(name);
        }
        try {
            setReplicas(name, change.to());
        } catch (RuntimeException e) {
            pods.recall(name);
            entry.urgent.compareAndSet(false, hurry);
            throw e;
        }
        entry.wanted = change.to();
        if (change.from() == 0) {
            pods.recall(name);
        }
        changed.accept(change);
    }

    /** The runtime writes to the Deployment as well; who comes second reads again. */
    private void setReplicas(ServiceName name, int replicas) {
        for (int tries = 1; ; tries++) {
            Optional<Resource> deployment = store.get(deploymentOf(name));
            if (deployment.isEmpty()) {
                return;
            }
            ObjectNode json = deployment.get().edit();
            json.withObject("/spec").put("replicas", replicas);
            try {
                store.update(new Resource(Kinds.DEPLOYMENT, json));
                return;
            } catch (RefusedException e) {
                if (e.reason() != RefusedException.Reason.CONFLICT || tries == WRITE_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static ScaleReport report(Tracked entry, int ready, RevisionScaler.Wish wish, List<ScaleChange> changes) {
        RevisionScaler scaler = entry.scaler;
        return new ScaleReport(
                entry.revision.name(),
                entry.revision.policy(),
                scaler.demand().inFlight(),
                ready,
                wish.instances(),
                scaler.seen().stable(),
                scaler.seen().panic(),
                scaler.panicking(),
                scaler.excessBurst(),
                wish.reason().isEmpty() ? entry.report.explanation() : wish.reason(),
                changes);
    }

    private static List<ScaleChange> appended(List<ScaleChange> changes, ScaleChange change) {
        List<ScaleChange> all = new ArrayList<>(changes);
        all.add(change);
        return List.copyOf(all.subList(Math.max(0, all.size() - CHANGES_KEPT), all.size()));
    }

    /** The Deployment that runs a revision. */
    public static Key deploymentOf(ServiceName revision) {
        return Kinds.DEPLOYMENT.key(revision.namespace(), revision.name() + "-deployment");
    }
}
