package dev.weft.cli.platform;

import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.workload.ServiceName;

/** Tells two listeners: the autoscaler first, which acts on it, then the catalogue, which counts. */
record Outcomes(OutcomeListener first, OutcomeListener second) implements OutcomeListener {

    @Override
    public void routed(ServiceName service) {
        first.routed(service);
        second.routed(service);
    }

    @Override
    public void ended(Outcome outcome) {
        first.ended(outcome);
        second.ended(outcome);
    }
}
