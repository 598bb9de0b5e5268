package dev.weft.model.outcome;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import java.util.Optional;

/** Joint: what happens to requests. Called on event loops, several at once; must return at once and never block. */
public interface OutcomeListener {

    /**
     * A request, or a connection that is passed on as bytes, was routed to this service and is now in flight or waiting for
     * capacity (edge and outbound hops).
     */
    void routed(ServiceName service);

    /** A request ended. After its {@link #routed} exactly one such call follows with {@link Outcome#service()} present. */
    void ended(Outcome outcome);

    /** A connection was accepted or made; exactly one {@link #closed} with the same object follows. */
    default void opened(LiveConnection connection) {}

    /** It is gone. */
    default void closed(LiveConnection connection, LiveConnection.End how) {}

    /** A try failed that the rule would repeat, and is not repeated; the request ends with it. */
    default void retryRefused(Workload reporter, String frontend, String rule, RetryRefusal why) {}

    /** It is known what a client's connection speaks, on a listener where that was in question. */
    default void protocolFound(Hop hop, Workload reporter, Optional<ServicePort> service, ProtocolVerdict verdict) {}

    /** Bytes can flow through a connection that is passed on as bytes; exactly one {@link #ended} with it follows. */
    default void established(ConnectionOutcome.Ends ends) {}

    /**
     * A connection that was to be passed on as bytes is over, whether it was established or not. After its {@link #routed}
     * exactly one such call follows, with a service in its ends.
     */
    default void ended(ConnectionOutcome outcome) {}

    /** A connection was refused before it was known what it was for. */
    default void refused(RefusedConnection refusal) {}

    /** Tells this one first, then another. */
    default OutcomeListener then(OutcomeListener next) {
        return new BothListeners(this, next);
    }
}
