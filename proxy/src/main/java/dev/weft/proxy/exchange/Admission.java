package dev.weft.proxy.exchange;

import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Rule;
import dev.weft.proxy.limit.LimitScopes;
import dev.weft.proxy.limit.Permit;
import dev.weft.proxy.limit.RequestLimits;
import dev.weft.proxy.limit.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds of the limits that it is under: its rule's, then its service's. Taken before its first try, given
 * back when the request is over. Part of one {@link Exchange}.
 */
final class Admission {

    private final Exchange exchange;
    private final List<RequestLimits> scopes = new ArrayList<>(2);
    private final List<Permit> permits = new ArrayList<>(2);
    private @Nullable Ticket<Permit> ticket;
    private boolean asked;
    private long waitStart;
    private long waitedNanos;

    Admission(Exchange exchange) {
        this.exchange = exchange;
    }

    void begin() {
        asked = false;
        waitStart = 0;
        waitedNanos = 0;
    }

    /** Whether the request may be tried; if not, it waits and is {@link Sending#again tried later}, or it is over. */
    boolean passes(Rule rule, EndpointGroup group) {
        if (!asked) {
            asked = true;
            LimitScopes limits = exchange.worker().limits();
            add(limits.of(rule));
            add(limits.of(group));
        }
        while (permits.size() < scopes.size()) {
            if (!enter(scopes.get(permits.size()))) {
                return false;
            }
        }
        return true;
    }

    private void add(@Nullable RequestLimits limits) {
        if (limits != null) {
            scopes.add(limits);
        }
    }

    private boolean enter(RequestLimits limits) {
        int epoch = exchange.epoch();
        RequestLimits.Entry entry = limits.enter(permit -> {
            if (!exchange.worker().loop().execute(() -> granted(epoch, permit))) {
                permit.release();
            }
        });
        return switch (entry) {
            case RequestLimits.Entry.Granted(Permit permit) -> permits.add(permit);
            case RequestLimits.Entry.Waiting(Ticket<Permit> place) -> {
                ticket = place;
                waitStart = System.nanoTime();
                yield false;
            }
            case RequestLimits.Entry.Refused(var error, String sentence) -> exchange.refuse(error, sentence);
        };
    }

    private void granted(int epoch, Permit permit) {
        if (epoch != exchange.epoch()) {
            permit.release();
            return;
        }
        ticket = null;
        stopWaiting();
        permits.add(permit);
        exchange.sending().again();
    }

    private void stopWaiting() {
        if (waitStart != 0) {
            waitedNanos += System.nanoTime() - waitStart;
            waitStart = 0;
        }
    }

    /** Whether it waits for others to end. */
    boolean waits() {
        return ticket != null;
    }

    long waitedNanos() {
        return waitedNanos;
    }

    /** Whether the limits allow another try. */
    boolean mayRetry() {
        boolean may = true;
        for (Permit permit : permits) {
            may &= permit.mayRetry();
        }
        return may;
    }

    /** A try was answered or failed after this long. */
    void took(long tookNanos, long now) {
        for (int i = 0; i < permits.size(); i++) {
            permits.get(i).took(exchange.worker().number(), tookNanos, now);
        }
    }

    /** The request is over, whichever way. */
    void end() {
        stopWaiting();
        Ticket<Permit> place = ticket;
        ticket = null;
        if (place != null && place.cancel()) {
            scopes.get(permits.size()).gaveUp(); // when it was granted meanwhile, granted() gives the permit back
        }
        permits.forEach(Permit::release);
        permits.clear();
        scopes.clear();
    }
}
