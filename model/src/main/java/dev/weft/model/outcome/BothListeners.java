package dev.weft.model.outcome;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import java.util.Optional;

/** Tells two listeners, one after the other. */
record BothListeners(OutcomeListener first, OutcomeListener second) implements OutcomeListener {

    @Override
    public void routed(ServiceName service) {
        first.routed(service);
        second.routed(service);
    }

    @Override
    public void protocolFound(Hop hop, Workload reporter, Optional<ServicePort> service, ProtocolVerdict verdict) {
        first.protocolFound(hop, reporter, service, verdict);
        second.protocolFound(hop, reporter, service, verdict);
    }

    @Override
    public void opened(LiveConnection connection) {
        first.opened(connection);
        second.opened(connection);
    }

    @Override
    public void closed(LiveConnection connection, LiveConnection.End how) {
        first.closed(connection, how);
        second.closed(connection, how);
    }

    @Override
    public void retryRefused(Workload reporter, String frontend, String rule, RetryRefusal why) {
        first.retryRefused(reporter, frontend, rule, why);
        second.retryRefused(reporter, frontend, rule, why);
    }

    @Override
    public void established(ConnectionOutcome.Ends ends) {
        first.established(ends);
        second.established(ends);
    }

    @Override
    public void ended(ConnectionOutcome outcome) {
        first.ended(outcome);
        second.ended(outcome);
    }

    @Override
    public void refused(RefusedConnection refusal) {
        first.refused(refusal);
        second.refused(refusal);
    }

    @Override
    public void ended(Outcome outcome) {
        first.ended(outcome);
        second.ended(outcome);
    }
}
