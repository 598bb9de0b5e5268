package dev.weft.proxy.limit;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.ConnectionLimits;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The limits of one service port or one rule. Shared by all loops without a lock: the requests under way, the connections
 * that they hold and the retries are one compare-and-set word each, so no limit is ever passed; those who wait for a
 * connection stand in a {@link Line}. What the limits are is one volatile value that the control plane's thread replaces;
 * a lower limit takes nothing away from who has it.
 */
public final class RequestLimits {

    /** @param adaptive present where the limit on requests finds itself */
    private record Rules(ConnectionLimits limits, Optional<AdaptiveLimit> adaptive) {}

    /** What became of a request that wants to begin. */
    public sealed interface Entry {

        /** It may go on. */
        record Granted(Permit permit) implements Entry {}

        /** It stands in line; a later call says when it may go on. */
        record Waiting(Ticket<Permit> ticket) implements Entry {}

        /** It may not; the sentence says which limit it was. */
        record Refused(ErrorCode error, String sentence) implements Entry {}
    }

    private final String name;
    private final int loops;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger lasting = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final Line<Permit> line = new Line<>();
    private volatile Rules rules = new Rules(ConnectionLimits.NONE, Optional.empty());

    /**
     * No limits yet.
     *
     * @param name of the service port or the rule, for messages
     */
    public RequestLimits(String name, int loops) {
        this.name = name;
        this.loops = loops;
    }

    /** Takes over what was written, and lets in who now may. One thread at a time. */
    public void update(ConnectionLimits limits, boolean adapts, long nowNanos) {
        Optional<AdaptiveLimit> adaptive = rules.adaptive();
        if (adapts && adaptive.isEmpty()) {
            adaptive = Optional.of(new AdaptiveLimit(loops, nowNanos));
        } else if (!adapts) {
            adaptive = Optional.empty();
        }
        rules = new Rules(limits, adaptive);
        grantWaiting();
    }

    /**
     * A request wants to begin.
     *
     * @param lasting whether it is a stream, of which the limit that finds itself learns nothing and does not count
     * @param later takes the permit when it had to wait, on the thread that freed it, perhaps before this method returns;
     *     it must hop to its own loop and return at once
     */
    public Entry enter(boolean lasting, Consumer<Permit> later) {
        Rules now = rules;
        ConnectionLimits limits = now.limits();
        if (!take(requests, limits.requestsMax())) {
            return refused("requests", limits.requestsMax());
        }
        Optional<AdaptiveLimit> adaptive = lasting ? Optional.empty() : now.adaptive();
        if (adaptive.isPresent() && passing() > adaptive.get().limit()) {
            int most = adaptive.get().limit();
            requests.decrementAndGet();
            adaptive.get().refused();
            return new Entry.Refused(
                    ErrorCode.OVERLOADED,
                    name + " takes " + most + " requests at once without growing slower, and has them.");
        }
        if (line.isEmpty() && take(connections, limits.connectionsMax())) {
            return new Entry.Granted(new Permit(this, adaptive));
        }
        Optional<Ticket<Permit>> ticket = line.join(limits.pendingMax(), later);
        if (ticket.isEmpty()) {
            requests.decrementAndGet();
            return refused("pending requests", limits.pendingMax());
        }
        grantWaiting();
        return new Entry.Waiting(ticket.get());
    }

    private Entry refused(String what, int most) {
        return new Entry.Refused(ErrorCode.LIMIT_REACHED, name + " has " + most + " " + what + " already, its limit.");
    }

    private void grantWaiting() {
        while (!line.isEmpty() && take(connections, rules.limits().connectionsMax())) {
            if (!line.grantFirst(new Permit(this, rules.adaptive()))) {
                connections.decrementAndGet(); // and look at the line again: somebody may have joined it since
            }
        }
    }

    /** Whoever waited went away before it was granted anything. */
    public void gaveUp() {
        requests.decrementAndGet();
    }

    void lasts() {
        lasting.incrementAndGet();
    }

    void release(boolean lasted) {
        if (lasted) {
            lasting.decrementAndGet();
        }
        requests.decrementAndGet();
        connections.decrementAndGet();
        grantWaiting();
    }

    boolean retry() {
        return take(retries, rules.limits().retriesMax());
    }

    void retried() {
        retries.decrementAndGet();
    }

    private static boolean take(AtomicInteger word, int most) {
        int before = word.get();
        while (before < most) {
            if (word.compareAndSet(before, before + 1)) {
                return true;
            }
            before = word.get();
        }
        return false;
    }

    /** Requests under way, those that wait included. */
    public int requests() {
        return requests.get();
    }

    /** Requests under way that end with their answer. */
    int passing() {
        return requests.get() - lasting.get();
    }

    /** Requests that hold a connection. */
    public int connections() {
        return connections.get();
    }

    /** Requests that wait for a connection. */
    public int waiting() {
        return line.length();
    }

    /** How many requests may be under way, where that finds itself. */
    Optional<Integer> adaptiveLimit() {
        return rules.adaptive().map(AdaptiveLimit::limit);
    }
}
