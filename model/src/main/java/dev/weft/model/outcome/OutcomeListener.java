package dev.weft.model.outcome;

import dev.weft.model.workload.ServiceName;

/** Joint: what happens to requests. Called on event loops, several at once; must return at once and never block. */
public interface OutcomeListener {

    /** A request was routed to this service and is now in flight or waiting for capacity (edge and outbound hops). */
    void routed(ServiceName service);

    /** A request ended. After {@link #routed} exactly one such call follows with {@link Outcome#service()} present. */
    void ended(Outcome outcome);
}
