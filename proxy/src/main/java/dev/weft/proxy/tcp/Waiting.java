package dev.weft.proxy.tcp;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.proxy.balance.Gate;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.limit.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A stream's place at the gate of a service that sleeps, or whose instances take only so many at once. Owner: the stream's
 * loop. Ends by telling its owner, or by {@link #cancel}.
 */
final class Waiting {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Worker worker;
    private final EndpointGroup group;
    private final Owner owner;
    private final long startNanos = System.nanoTime();
    private @Nullable Ticket<Optional<Slot>> ticket;
    private boolean over;

    /** Hears how it ends. */
    interface Owner {

        /** Here is room; the owner gives it back. */
        void granted(Slot slot);

        /** There will be none. */
        void refused(ErrorCode error, String detail);
    }

    Waiting(Worker worker, EndpointGroup group, Owner owner) {
        this.worker = worker;
        this.group = group;
        this.owner = owner;
    }

    /** Gets in line, and asks for an instance where there is none. */
    void start(Gate gate) {
        Optional<Ticket<Optional<Slot>>> place = gate.join(called -> {
            if (!worker.loop().execute(() -> called(gate, called))) {
                called.ifPresent(Slot::release);
            }
        });
        if (place.isEmpty()) {
            over = true;
            owner.refused(ErrorCode.QUEUE_FULL, "Too many wait for " + group.servicePort() + ".");
            return;
        }
        ticket = place.get();
        worker.loop().later(PATIENCE, () -> refuse(ErrorCode.CAPACITY_TIMEOUT, "There was no room in " + PATIENCE));
        if (group.endpoints().isEmpty()) {
            var _ = worker.capacity()
                    .awaitEndpoint(group.servicePort().service(), PATIENCE)
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            worker.loop().execute(() -> notWoken(failure));
                        }
                    });
        }
    }

    private void called(Gate gate, Optional<Slot> granted) {
        if (over) {
            granted.ifPresent(Slot::release);
            return;
        }
        over = true;
        if (granted.isPresent()) {
            owner.granted(granted.get());
        } else {
            owner.refused(ErrorCode.CIRCUIT_OPEN, String.join("; ", gate.outNow()));
        }
    }

    private void notWoken(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        refuse(
                cause instanceof TimeoutException ? ErrorCode.CAPACITY_TIMEOUT : ErrorCode.CAPACITY_FAILED,
                String.valueOf(cause.getMessage()));
    }

    private void refuse(ErrorCode error, String detail) {
        if (leave()) {
            owner.refused(error, detail);
        }
    }

    /** Nobody waits any more. */
    void cancel() {
        leave();
        over = true; // a slot that is on its way is given back
    }

    /** False when it is over, or a slot is on its way. */
    private boolean leave() {
        Ticket<Optional<Slot>> place = ticket;
        if (over || place == null || !place.cancel()) {
            return false;
        }
        over = true;
        return true;
    }

    long nanos(long now) {
        return now - startNanos;
    }
}
