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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The entrance to one service port whose endpoints take only so many requests at once, or which has no endpoint yet: a
 * free slot at once, or a place in a line, first in, first out.
 *
 * <p>Shared by all loops without a lock. What must hold across them: an endpoint's limit is one compare-and-set word
 * ({@link EndpointSlots}); the line says itself what it is ({@link Line}). The endpoints are one volatile value that the
 * control plane's thread replaces.
 *
 * <p>The line holds ten requests for each slot, and never more than {@value #WAITING_MAX} (Knative's queue-proxy and
 * activator).
 */
public final class Gate {

    /** The longest line. */
    public static final int WAITING_MAX = 10_000;

    private static final int WAITING_PER_SLOT = 10;

    /** @param limit per endpoint, never 0 */
    private record Places(List<EndpointSlots> endpoints, int limit, int waitingMax) {}

    private final Line<Slot> line = new Line<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Places places = new Places(List.of(), Integer.MAX_VALUE, WAITING_MAX);

    Gate() {}

    /** Takes over the group's endpoints and limit, and lets in who now may. One thread at a time. */
    void update(EndpointGroup group) {
        Map<Endpoint, EndpointSlots> known =
                places.endpoints().stream().collect(Collectors.toMap(EndpointSlots::endpoint, Function.identity()));
        List<EndpointSlots> endpoints = group.endpoints().stream()
                .distinct()
                .map(endpoint -> known.computeIfAbsent(endpoint, EndpointSlots::new))
                .toList();
        int limit = group.concurrencyPerEndpoint();
        long bound = (long) limit * WAITING_PER_SLOT * endpoints.size();
        places = new Places(
                endpoints,
                limit == 0 ? Integer.MAX_VALUE : limit,
                bound == 0 ? WAITING_MAX : (int) Math.min(WAITING_MAX, bound));
        grantWaiting();
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
     * @param granted takes the slot, on the thread that freed it, perhaps before this method returns; it must hop to its
     *     own loop and return at once
     * @return empty when the line is full
     */
    public Optional<Ticket<Slot>> join(Consumer<Slot> granted) {
        Optional<Ticket<Slot>> ticket = line.join(places.waitingMax(), granted);
        if (ticket.isPresent()) {
            grantWaiting();
        }
        return ticket;
    }

    /** Lets in as many as there are free slots. */
    void grantWaiting() {
        while (!line.isEmpty()) {
            Slot slot = acquire(List.of());
            if (slot == null) {
                return;
            }
            if (!line.grantFirst(slot)) {
                slot.abandon(); // and look at the line again: somebody may have joined it since
            }
        }
    }

    /** In the endpoint with the fewest requests; equals take turns. */
    private @Nullable Slot acquire(Collection<Endpoint> avoid) {
        Places now = places;
        while (true) {
            EndpointSlots best = null;
            int least = now.limit();
            int start = turn.getAndIncrement() & Integer.MAX_VALUE;
            for (int i = 0; i < now.endpoints().size(); i++) {
                EndpointSlots each = now.endpoints()
                        .get((int) ((start + (long) i) % now.endpoints().size()));
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
                return new Slot(this, best);
            }
        }
    }
}
