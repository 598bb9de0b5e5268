package dev.weft.serving.knative;

import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Key;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.reading.Durations;
import dev.weft.serving.activation.RevisionPods;
import dev.weft.serving.scale.Autoscaler;
import dev.weft.serving.scale.ScaledRevision;
import dev.weft.serving.scale.ScalingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A Revision: makes its Deployment and Service, hands it to the autoscaler, and tells how it fares. */
final class RevisionController {

    private static final Duration PROGRESS_DEADLINE = Duration.ofMinutes(10);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final ResourceStore store;
    private final RevisionPods pods;
    private final Autoscaler autoscaler;
    private final Duration patience;
    private final Consumer<ServiceName> gone;
    private final InstantSource clock;
    private final Map<Key, Instant> startingSince = new ConcurrentHashMap<>();

    /**
     * Makes a controller.
     *
     * @param patience how long a program may run without being ready before its revision is called failed
     * @param gone told of each revision that was deleted
     */
    RevisionController(
            ResourceStore store,
            RevisionPods pods,
            Autoscaler autoscaler,
            Duration patience,
            Consumer<ServiceName> gone,
            InstantSource clock) {
        this.store = store;
        this.pods = pods;
        this.autoscaler = autoscaler;
        this.patience = patience;
        this.gone = gone;
        this.clock = clock;
    }

    /** Brings one revision up to date; gives after how long to look again though nothing happened. */
    Optional<Duration> reconcile(Key key) {
        Optional<Resource> revision = store.get(key).filter(found -> !found.deleting());
        if (revision.isEmpty()) {
            startingSince.remove(key);
            ServiceName name = new ServiceName(key.namespace(), key.name());
            autoscaler.forget(name);
            gone.accept(name);
            return Optional.empty();
        }
        return reconcile(revision.get());
    }

    private Optional<Duration> reconcile(Resource revision) {
        ServiceName name = RevisionWorkload.name(revision);
        int concurrency = revision.at("/spec/containerConcurrency").asInt(0);
        ScalingPolicy policy =
                ScalingPolicy.read(revision.annotations(), concurrency).policy();
        int ready = pods.serving(name).size();
        boolean initialised =
                Conditions.of(revision, RevisionStatus.RESOURCES_AVAILABLE).isTrue() || ready >= policy.readyAt();
        Optional<Resource> deployment = deployment(revision, initialised ? policy.minScale() : policy.readyAt());
        Optional<Resource> service = Owned.ensureAtLeast(store, revision, RevisionWorkload.service(revision));
        boolean late = late(revision, initialised);
        RevisionStatus status = new RevisionStatus(revision, pods.of(name), ready, clock.instant(), patience(revision));
        if (deployment.isEmpty() || service.isEmpty()) {
            String taken = deployment.isEmpty() ? Autoscaler.deploymentOf(name).toString() : "Service " + name;
            store.updateStatus(revision.key(), status.notOwned(taken));
            return Optional.empty();
        }
        boolean reachable = !revision.labels()
                .getOrDefault(Names.ROUTING_STATE_LABEL, "pending")
                .equals("reserve");
        autoscaler.track(new ScaledRevision(name, policy, initialised, reachable, late));
        int wanted = deployment.get().at("/spec/replicas").asInt(1);
        store.updateStatus(revision.key(), status.of(wanted, initialised, late));
        boolean waits = !initialised || (ready == 0 && !pods.of(name).isEmpty());
        return waits ? Optional.of(LOOK_AGAIN) : Optional.empty();
    }

    /** Makes the Deployment; of one that exists, the replicas are the autoscaler's. */
    private Optional<Resource> deployment(Resource revision, int replicas) {
        Optional<Resource> existing = store.get(Autoscaler.deploymentOf(RevisionWorkload.name(revision)));
        if (existing.isEmpty()) {
            return Owned.create(store, revision, RevisionWorkload.deployment(revision, replicas));
        }
        int wanted = existing.get().at("/spec/replicas").asInt(1);
        return Owned.reviseAtLeast(store, revision, existing.get(), RevisionWorkload.deployment(revision, wanted));
    }

    private boolean late(Resource revision, boolean initialised) {
        if (initialised) {
            startingSince.remove(revision.key());
            return false;
        }
        Instant since = startingSince.computeIfAbsent(revision.key(), any -> clock.instant());
        Duration deadline = progressDeadline(revision).orElse(PROGRESS_DEADLINE);
        return !clock.instant().isBefore(since.plus(deadline));
    }

    /** Who sets a progress deadline knows that the program is slow to start. */
    private Duration patience(Resource revision) {
        return progressDeadline(revision).orElse(patience);
    }

    private static Optional<Duration> progressDeadline(Resource revision) {
        return Durations.parse(revision.annotations().getOrDefault(Names.PROGRESS_DEADLINE, ""));
    }
}
