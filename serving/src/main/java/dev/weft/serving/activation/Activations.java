package dev.weft.serving.activation;

import dev.weft.model.workload.Capacity;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Holds who waits for a revision's instance, and lets them go when there is one or there will be none.
 *
 * <p>A revision's waiting requests are changed only inside the map's atomic operations; once taken out of the map they
 * belong to who took them. A request is entered before the revision is looked at, and whoever changes the revision looks
 * after, so that none is overlooked.
 */
public final class Activations implements Capacity, AutoCloseable {

    private static final int KEPT = 16;

    private record Waiting(Instant since, Map<Long, CompletableFuture<Void>> requests) {}

    private final RevisionPods pods;
    private final Predicate<ServiceName> wake;
    private final InstantSource clock;
    private final Map<ServiceName, Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<ServiceName, Instant> decided = new ConcurrentHashMap<>();
    private final Map<ServiceName, List<Activation>> recent = new ConcurrentHashMap<>();
    private final AtomicLong tickets = new AtomicLong();
    private final Reconciler<ServiceName> worker = new Reconciler<>("serving-activations", this::look);

    /**
     * Makes an empty one.
     *
     * @param wake has the revision's scale decided at once; false for a name that is no revision
     */
    public Activations(RevisionPods pods, Predicate<ServiceName> wake, InstantSource clock) {
        this.pods = pods;
        this.wake = wake;
        this.clock = clock;
        pods.onChange(revision -> {
            if (waiting.containsKey(revision)) {
                worker.enqueue(revision);
            }
        });
    }

    /**
     * {@inheritDoc}
     *
     * <p>Fails with {@link TimeoutException} when patience is at its end, and with {@link IllegalStateException} when
     * the instance cannot be started.
     */
    @Override
    public CompletionStage<Void> awaitEndpoint(ServiceName service, Duration patience) {
        CompletableFuture<Void> request = new CompletableFuture<>();
        long ticket = tickets.incrementAndGet();
        waiting.compute(service, (name, before) -> {
            Waiting entered = before == null ? new Waiting(clock.instant(), new LinkedHashMap<>()) : before;
            entered.requests().put(ticket, request);
            return entered;
        });
        if (!wake.test(service)) {
            leave(service, ticket);
            request.completeExceptionally(
                    new IllegalStateException(service + " is no revision, so nothing can be started for it"));
            return request;
        }
        worker.enqueue(service);
        return request.orTimeout(Math.max(1, patience.toNanos()), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(failure -> {
                    leave(service, ticket);
                    return CompletableFuture.failedFuture(
                            failure instanceof TimeoutException ? impatient(service, patience) : failure);
                });
    }

    /** How many requests wait for the revision. */
    public int waiting(ServiceName revision) {
        int[] count = new int[1];
        waiting.computeIfPresent(revision, (name, entered) -> {
            count[0] = entered.requests().size();
            return entered;
        });
        return count[0];
    }

    /** The autoscaler has written that it wants instances of a revision that had none. */
    public void decided(ServiceName revision) {
        decided.put(revision, clock.instant());
    }

    /** The newest cold starts of the revision, oldest first. */
    public List<Activation> recent(ServiceName revision) {
        return recent.getOrDefault(revision, List.of());
    }

    /** Drops what is remembered of a revision that is gone, and lets its waiting requests go. */
    public void forget(ServiceName revision) {
        release(revision, Optional.empty(), Optional.of("the revision " + revision + " was deleted"));
        decided.remove(revision);
        recent.remove(revision);
    }

    @Override
    public void close() {
        worker.close();
    }

    private void look(ServiceName revision) {
        List<PodView> serving = pods.serving(revision);
        if (!serving.isEmpty()) {
            release(revision, Optional.of(serving.getFirst()), Optional.empty());
            return;
        }
        hopeless(revision).ifPresent(failure -> release(revision, Optional.empty(), Optional.of(failure)));
    }

    /** The reason when every pod of the revision has failed and none is being tried. */
    private Optional<String> hopeless(ServiceName revision) {
        List<String> failures = new ArrayList<>();
        for (PodView view : pods.of(revision)) {
            if (view.leaving()) {
                continue;
            }
            Optional<PodFailure> failure = view.failure().filter(PodFailure::lasting);
            if (failure.isEmpty()) {
                return Optional.empty();
            }
            failures.add(revision + " cannot start (" + failure.get().reason() + "): "
                    + failure.get().message());
        }
        return failures.stream().findFirst();
    }

    private void release(ServiceName revision, Optional<PodView> pod, Optional<String> failure) {
        Waiting released = waiting.remove(revision);
        if (released == null) {
            return;
        }
        record(revision, released, pod, failure);
        for (CompletableFuture<Void> request : released.requests().values()) {
            failure.ifPresentOrElse(
                    why -> request.completeExceptionally(new IllegalStateException(why)), () -> request.complete(null));
        }
    }

    /** Takes one request out; the last one's leaving ends the activation. */
    private void leave(ServiceName revision, long ticket) {
        waiting.computeIfPresent(revision, (name, entered) -> {
            entered.requests().remove(ticket);
            return entered.requests().isEmpty() ? null : entered;
        });
    }

    private TimeoutException impatient(ServiceName revision, Duration patience) {
        String known = pods.of(revision).stream()
                .filter(view -> !view.leaving())
                .findFirst()
                .map(view -> view.failure()
                        .map(failure -> failure.reason() + ": " + failure.message())
                        .orElse("its pod " + view.name() + " runs, but is not ready"))
                .orElse("it has no pod yet");
        return new TimeoutException(
                "no instance of " + revision + " became ready in " + patience.toMillis() + " ms; " + known);
    }

    private void record(ServiceName revision, Waiting released, Optional<PodView> pod, Optional<String> failure) {
        Activation activation = new Activation(
                revision,
                released.since(),
                released.requests().size(),
                Optional.ofNullable(decided.get(revision)),
                pod.map(PodView::name),
                pod.flatMap(PodView::created),
                pod.flatMap(PodView::started),
                pod.flatMap(PodView::ready),
                clock.instant(),
                failure);
        recent.compute(revision, (name, before) -> {
            List<Activation> kept = new ArrayList<>(before == null ? List.of() : before);
            kept.add(activation);
            return List.copyOf(kept.subList(Math.max(0, kept.size() - KEPT), kept.size()));
        });
    }
}
