package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.proxy.limit.Line;
import dev.weft.proxy.limit.Ticket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The entrance to one service port whose endpoints take only so many requests at once, or which has no endpoint yet: a
 * free slot at once, or a place in a line, first in, first out.
 *
 * <p>Shared by all loops without a lock. What must hold across them: an endpoint's limit is one compare-and-set word
 * ({@link EndpointSlots}); the line says itself what it is ({@link Line}). The endpoints are one compare-and-set reference
 * that the control plane's thread replaces, and whoever sees the line empty. Where endpoints are taken out while they fail, one that is out gets one request once its
 * time is over, as with a {@link Balancer}; when all are out, nobody waits for them.
 *
 * <p>The line holds ten requests for each slot, and never more than {@value #WAITING_MAX} (Knative's queue-proxy and
 * activator). A line that began at no endpoint holds the most until it was empty once: the first instance that comes is not
 * yet what the service will have.
 */
public final class Gate {

    /** The longest line. */
    public static final int WAITING_MAX = 10_000;

    private static final int WAITING_PER_SLOT = 10;

    /**
     * What may be had now.
     *
     * @param limit per endpoint, never 0
     * @param breaker null where endpoints are never taken out
     * @param sleeping whether the line began at no endpoint, and was not seen empty since there is one
     */
    private record Places(
            List<EndpointSlots> endpoints,
            int limit,
            int waitingMax,
            @Nullable CircuitBreaker breaker,
            boolean sleeping) {

        static final Places NONE = new Places(List.of(), Integer.MAX_VALUE, WAITING_MAX, null, false);

        Places awake() {
            return new Places(endpoints, limit, waitingMax, breaker, false);
        }
    }

    private final LongSupplier nanos;
    private final Line<Optional<Slot>> line = new Line<>();
    private final AtomicInteger turn = new AtomicInteger();
    private static final AtomicReferenceFieldUpdater<Gate, Places> PLACES =
            AtomicReferenceFieldUpdater.newUpdater(Gate.class, Places.class, "places");

    private volatile Places places = Places.NONE;

    Gate(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes over the group's endpoints, limit and breaker, and lets in who now may. One thread at a time. */
    void update(EndpointGroup group, @Nullable CircuitBreaker breaker) {
        PLACES.updateAndGet(this, before -> next(before, group, breaker));
        grantWaiting();
    }

    private static Places next(Places before, EndpointGroup group, @Nullable CircuitBreaker breaker) {
        Map<Endpoint, EndpointSlots> known =
                before.endpoints().stream().collect(Collectors.toMap(EndpointSlots::endpoint, Function.identity()));
        List<EndpointSlots> endpoints = group.endpoints().stream()
                .distinct()
                .map(endpoint -> known.computeIfAbsent(endpoint, EndpointSlots::new))
                .toList();
        int limit = group.concurrencyPerEndpoint();
        long bound = (long) limit * WAITING_PER_SLOT * endpoints.size();
        return new Places(
                endpoints,
                limit == 0 ? Integer.MAX_VALUE : limit,
                bound == 0 ? WAITING_MAX : (int) Math.min(WAITING_MAX, bound),
                breaker,
                before.sleeping() || endpoints.isEmpty());
    }

    /** How many wait now. */
    public int waiting() {
        return line.length();
    }

    /** A slot, unless none is free or others wait for one. */
    public Optional<Slot> tryEnter() {
        return line.isEmpty() ? Optional.ofNullable(acquire(List.of())) : Optional.empty();
    }

    /** A slot for another try, in an endpoint that was not tried as long as one of those has a free slot. */
    public Optional<Slot> tryEnterOtherThan(Collection<Endpoint> tried) {
        Slot other = acquire(tried);
        return other == null ? tryEnter() : Optional.of(other);
    }

    /**
     * Joins the line.
     *
     * @param called takes the slot, or hears that there will be none because every endpoint is out; on the thread that freed
     *     it, perhaps before this method returns; it must hop to its own loop and return at once
     * @return empty when the line is full
     */
    public Optional<Ticket<Optional<Slot>>> join(Consumer<Optional<Slot>> called) {
        Optional<Ticket<Optional<Slot>>> ticket = line.join(waitingMax(), called);
        if (ticket.isPresent()) {
            grantWaiting();
        }
        return ticket;
    }

    private int waitingMax() {
        Places now = places;
        if (now.sleeping() && line.isEmpty() && !now.endpoints().isEmpty()) {
            PLACES.compareAndSet(this, now, now.awake()); // else they have been replaced: the next one looks at those
            return now.waitingMax();
        }
        return now.sleeping() ? WAITING_MAX : now.waitingMax();
    }

    /** One sentence for each endpoint that is out; for people. */
    public List<String> outNow() {
        CircuitBreaker breaker = places.breaker();
        return breaker == null ? List.of() : breaker.outNow(nanos.getAsLong());
    }

    /** Lets in as many as there are free slots; sends all away when every endpoint is out. */
    void grantWaiting() {
        while (!line.isEmpty()) {
            Slot slot = acquire(List.of());
            if (slot == null && !allOut()) {
                return;
            }
            if (!line.grantFirst(Optional.ofNullable(slot)) && slot != null) {
                slot.abandon(); // and look at the line again: somebody may have joined it since
            }
        }
    }

    private boolean allOut() {
        Places now = places;
        CircuitBreaker breaker = now.breaker();
        int all = now.endpoints().size();
        return breaker != null
                && all > 0
                && !breaker.panic(0, all)
                && now.endpoints().stream().noneMatch(each -> isIn(breaker, each));
    }

    private static boolean isIn(CircuitBreaker breaker, EndpointSlots each) {
        EndpointHealth health = breaker.health(each.endpoint());
        return health == null || health.in();
    }

    private @Nullable Slot acquire(Collection<Endpoint> avoid) {
        Places now = places;
        CircuitBreaker breaker = now.breaker();
        if (breaker == null || breaker.out() == 0) {
            return acquire(now.endpoints(), now.limit(), avoid);
        }
        Slot trial = tryAgain(now, breaker, avoid);
        if (trial != null) {
            return trial;
        }
        List<EndpointSlots> in =
                now.endpoints().stream().filter(each -> isIn(breaker, each)).toList();
        boolean panic = breaker.panic(in.size(), now.endpoints().size());
        return acquire(panic ? now.endpoints() : in, now.limit(), avoid);
    }

    /** In an endpoint whose time out is over. */
    private @Nullable Slot tryAgain(Places now, CircuitBreaker breaker, Collection<Endpoint> avoid) {
        long time = nanos.getAsLong();
        for (EndpointSlots each : now.endpoints()) {
            EndpointHealth health = breaker.health(each.endpoint());
            if (health == null || !health.due(time) || avoid.contains(each.endpoint())) {
                continue;
            }
            int taken = each.taken();
            if (taken < now.limit() && each.acquire(taken)) {
                if (health.tryAgain(time)) {
                    return new Slot(this, each, health, time);
                }
                each.release();
            }
        }
        return null;
    }

    /** In the endpoint with the fewest requests; equals take turns. */
    private @Nullable Slot acquire(List<EndpointSlots> from, int limit, Collection<Endpoint> avoid) {
        while (true) {
            EndpointSlots best = null;
            int least = limit;
            int start = turn.getAndIncrement() & Integer.MAX_VALUE;
            for (int i = 0; i < from.size(); i++) {
                EndpointSlots each = from.get((int) ((start + (long) i) % from.size()));
                int taken = each.taken();
                if (taken < least && !avoid.contains(each.endpoint())) {
                    best = each;
                    least = taken;
                }
            }
            if (best == null) {
                return null;
            }
            if (best.acquire(least)) {
                return new Slot(this, best, null, 0);
            }
        }
    }
}
