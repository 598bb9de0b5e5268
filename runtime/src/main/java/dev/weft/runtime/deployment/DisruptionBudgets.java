package dev.weft.runtime.deployment;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.apps.DisruptionState;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Writes of every PodDisruptionBudget how things stand with its pods; the API asks again before it lets one be evicted. */
public final class DisruptionBudgets implements AutoCloseable {

    private final ResourceStore store;
    private final InstantSource clock;
    private final Reconciler<Key> queue = new Reconciler<>("disruption-budgets", this::reconcile);

    public DisruptionBudgets(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    public void budgetChanged(Change change) {
        queue.enqueue(change.resource().key());
    }

    /** A pod, or what controls pods. */
    public void podsChanged(Change change) {
        for (Resource budget : store.list(Kinds.DISRUPTION_BUDGET)) {
            if (budget.namespace().equals(change.resource().namespace())) {
                queue.enqueue(budget.key());
            }
        }
    }

    @Override
    public void close() {
        queue.close();
    }

    void reconcile(Key key) {
        Optional<Resource> budget = store.get(key).filter(it -> !it.deleting());
        if (budget.isEmpty()) {
            return;
        }
        DisruptionState state = DisruptionState.of(budget.get(), store, Set.of());
        try {
            store.updateStatus(key, state.status(budget.get(), clock.instant()));
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }
}
