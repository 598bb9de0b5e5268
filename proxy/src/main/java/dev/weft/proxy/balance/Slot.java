package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import org.jspecify.annotations.Nullable;

/** The right to have one request in one endpoint. Whoever got it gives it back once, on any thread. */
public final class Slot {

    private final Gate gate;
    private final EndpointSlots slots;
    private final @Nullable EndpointHealth trial;
    private final long sinceNanos;

    /** @param trial of an endpoint that is out, which this request tries since then; else null */
    Slot(Gate gate, EndpointSlots slots, @Nullable EndpointHealth trial, long sinceNanos) {
        this.gate = gate;
        this.slots = slots;
        this.trial = trial;
        this.sinceNanos = sinceNanos;
    }

    public Endpoint endpoint() {
        return slots.endpoint();
    }

    /** Gives it back; the first in line gets it, on this thread. A trial of which nothing was said is none. */
    public void release() {
        abandon();
        gate.grantWaiting();
    }

    /** Gives it back without looking at the line. */
    void abandon() {
        if (trial != null) {
            trial.notTried(sinceNanos);
        }
        slots.release();
    }
}
