package dev.weft.proxy.exchange;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.balance.EndpointLoad;
import dev.weft.proxy.balance.Gate;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.limit.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The line of requests for endpoints that take only so many at once, or of which there is none yet: one request's place in it.
 * Part of one {@link Exchange}.
 */
final class Waiting {

    private static final Duration PATIENCE_MAX = Duration.ofMinutes(5);

    private final Exchange exchange;
    private @Nullable Ticket<Optional<Slot>> ticket;
    private long waitStart;
    private long waitedNanos;

    Waiting(Exchange exchange) {
        this.exchange = exchange;
    }

    void begin() {
        ticket = null;
        waitStart = 0;
        waitedNanos = 0;
    }

    /** Goes on at once where there is room at an endpoint that was not tried; waits otherwise. */
    void enter(EndpointGroup group, List<Endpoint> tried, long now) {
        Gate gate = exchange.worker().gates().gate(group);
        Optional<Slot> slot = tried.isEmpty() ? gate.tryEnter() : gate.tryEnterOtherThan(tried);
        if (slot.isPresent()) {
            attempt(group, slot.get(), System.nanoTime()); // not before the slot was given: it may be a trial
            return;
        }
        waitStart = now;
        int epoch = exchange.epoch();
        Optional<Ticket<Optional<Slot>>> place = gate.join(called -> {
            if (!exchange.worker().loop().execute(() -> called(epoch, group.servicePort(), called))) {
                called.ifPresent(Slot::release);
            }
        });
        if (place.isEmpty()) {
            waitStart = 0;
            exchange.refuse(ErrorCode.QUEUE_FULL, "Too many requests wait for " + group.servicePort() + ".");
            return;
        }
        ticket = place.get();
        if (group.endpoints().isEmpty()) {
            wake(group, epoch, now);
        }
    }

    private void wake(EndpointGroup group, int epoch, long now) {
        long until = exchange.sending().deadlines().until();
        Duration patience = until == 0 ? PATIENCE_MAX : Duration.ofNanos(Math.max(1, until - now));
        var _ = exchange.worker()
                .capacity()
                .awaitEndpoint(group.servicePort().service(), patience)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        exchange.worker().loop().execute(() -> notWoken(epoch, failure));
                    }
                });
    }

    private void attempt(EndpointGroup group, Slot slot, long now) {
        EndpointLoad load = exchange.worker().balancers().of(group, now).load(slot.endpoint());
        exchange.sending().attempt(group.servicePort(), slot.endpoint(), load, slot, now);
    }

    private void called(int epoch, ServicePort servicePort, Optional<Slot> granted) {
        if (epoch != exchange.epoch()) {
            granted.ifPresent(Slot::release);
            return;
        }
        long now = System.nanoTime();
        ticket = null;
        stopWaiting(now);
        EndpointGroup group = exchange.worker().view().snapshot().groups().get(servicePort);
        if (granted.isPresent()
                && group != null
                && group.endpoints().contains(granted.get().endpoint())) {
            attempt(group, granted.get(), now);
        } else if (granted.isPresent() || group == null) {
            granted.ifPresent(Slot::release); // it was removed while the slot was on its way here
            exchange.sending().choose();
        } else {
            Gate gate = exchange.worker().gates().gate(group);
            exchange.refuse(ErrorCode.CIRCUIT_OPEN, String.join("; ", gate.outNow()));
        }
    }

    private void notWoken(int epoch, Throwable failure) {
        Ticket<Optional<Slot>> place = ticket;
        if (epoch != exchange.epoch() || place == null || !place.cancel()) {
            return; // it went on, or is about to
        }
        ticket = null;
        stopWaiting(System.nanoTime());
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        boolean late = cause instanceof TimeoutException;
        exchange.refuse(
                late ? ErrorCode.CAPACITY_TIMEOUT : ErrorCode.CAPACITY_FAILED, String.valueOf(cause.getMessage()));
    }

    private void stopWaiting(long now) {
        if (waitStart != 0) {
            waitedNanos += now - waitStart;
            waitStart = 0;
        }
    }

    /** Does not wait any more. */
    void leave() {
        stopWaiting(System.nanoTime());
        Ticket<Optional<Slot>> place = ticket;
        ticket = null;
        if (place != null) {
            place.cancel(); // when it was granted meanwhile, called() gives the slot back
        }
    }

    boolean waits() {
        return ticket != null;
    }

    long waitedNanos() {
        return waitedNanos;
    }
}
