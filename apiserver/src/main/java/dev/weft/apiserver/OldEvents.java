package dev.weft.apiserver;

import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes Events an hour after they were last seen, as Kubernetes does, so that they do not fill the disk. */
final class OldEvents implements AutoCloseable {

    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private final ResourceStore store;
    private final InstantSource clock;
    private final Reconciler<String> reconciler;

    OldEvents(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.reconciler = new Reconciler<>("old-events", this::remove);
        reconciler.enqueueAfter("all", LOOK_EVERY);
    }

    void removeNow() {
        Instant oldest = clock.instant().minus(KEPT);
        for (Resource event : store.list(Kinds.EVENT)) {
            if (seen(event).isBefore(oldest)) {
                store.delete(event.key());
            }
        }
    }

    @Override
    public void close() {
        reconciler.close();
    }

    private void remove(String again) {
        removeNow();
        reconciler.enqueueAfter(again, LOOK_EVERY);
    }

    /** The first of these times that is given. */
    private static Instant seen(Resource event) {
        return Stream.of("/lastTimestamp", "/eventTime", "/metadata/creationTimestamp")
                .map(pointer -> event.at(pointer).asString(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .flatMap(OldEvents::instant)
                .orElse(Instant.EPOCH);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
