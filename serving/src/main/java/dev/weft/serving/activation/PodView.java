package dev.weft.serving.activation;

import dev.weft.model.workload.Instance;
import dev.weft.resources.Resource;
import java.time.Instant;
import java.util.Optional;

/**
 * One pod of a revision: as it is declared, as it runs, and when each step was first seen.
 *
 * @param started when its program was first seen running
 */
public record PodView(
        String name,
        Optional<Resource> pod,
        Optional<Instance> instance,
        Optional<Instant> created,
        Optional<Instant> started,
        Optional<Instant> ready) {

    static PodView unseen(String name) {
        return new PodView(
                name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    PodView with(Resource seen, Instant now) {
        boolean runs = seen.at("/status/containerStatuses/0/state/running").isObject();
        return new PodView(
                name, Optional.of(seen), instance, first(created, now), runs ? first(started, now) : started, ready);
    }

    PodView with(Instance seen, Instant now) {
        return new PodView(
                name,
                pod,
                Optional.of(seen),
                first(created, now),
                first(started, now),
                seen.ready() ? first(ready, now) : ready);
    }

    PodView withoutPod() {
        return new PodView(name, Optional.empty(), instance, created, started, ready);
    }

    PodView withoutInstance() {
        return new PodView(name, pod, Optional.empty(), created, started, ready);
    }

    boolean gone() {
        return pod.isEmpty() && instance.isEmpty();
    }

    boolean serves() {
        return instance.map(Instance::ready).orElse(false);
    }

    /** Whether it is declared to end. */
    public boolean leaving() {
        return pod.map(Resource::deleting).orElse(false);
    }

    /** Why it does not serve, as far as that is a failure. */
    public Optional<PodFailure> failure() {
        return serves() ? Optional.empty() : pod.flatMap(found -> PodFailure.of(found, ready.isPresent()));
    }

    private static Optional<Instant> first(Optional<Instant> before, Instant now) {
        return before.isPresent() ? before : Optional.of(now);
    }
}
