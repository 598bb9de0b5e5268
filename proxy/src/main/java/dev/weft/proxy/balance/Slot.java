package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;

/** The right to have one request in one endpoint. Whoever got it gives it back once, on any thread. */
public final class Slot {

    private final Gate gate;
    private final EndpointSlots slots;

    Slot(Gate gate, EndpointSlots slots) {
        this.gate = gate;
        this.slots = slots;
    }

    public Endpoint endpoint() {
        return slots.endpoint();
    }

    /** Gives it back; the first in line gets it, on this thread. */
    public void release() {
        slots.release();
        gate.grantWaiting();
    }

    /** Gives it back without looking at the line. */
    void abandon() {
        slots.release();
    }
}
