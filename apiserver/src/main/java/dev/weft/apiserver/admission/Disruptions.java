package dev.weft.apiserver.admission;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.apps.DisruptionState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps evictions within PodDisruptionBudgets. What is allowed is counted anew for each, so that no status has to be up to
 * date. Owner of the pods that are about to go: this object's monitor, held while it counts and not while a pod is deleted;
 * so two evictions at once never spend the same disruption. Safe from any thread.
 */
public final class Disruptions {

    private static final List<String> ENDED_OR_NOT_BEGUN = List.of("Succeeded", "Failed", "Pending");

    /**
     * Why a pod may not be evicted, in the words of Kubernetes.
     *
     * @param code of HTTP
     * @param cause the budget in the way; empty where it is about all of them
     */
    public record Refusal(int code, String message, String cause) {}

    private final ResourceStore store;
    private final Map<Key, Set<String>> going = new HashMap<>(); // names of pods by their budgets

    public Disruptions(ResourceStore store) {
        this.store = store;
    }

    /** Evicts a pod, if that may be; empty when it was. */
    public Optional<Refusal> evict(Resource pod, Runnable delete) {
        List<Resource> budgets = isFree(pod)
                ? List.of()
                : store.list(Kinds.DISRUPTION_BUDGET).stream()
                        .filter(budget -> DisruptionState.selects(budget, pod))
                        .toList();
        if (budgets.size() > 1) {
            String message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
                    + " support.";
            return Optional.of(new Refusal(500, message, ""));
        }
        if (budgets.isEmpty()) {
            delete.run();
            return Optional.empty();
        }
        Resource budget = budgets.getFirst();
        Optional<Refusal> refusal = begin(pod, budget);
        if (refusal.isEmpty()) {
            try {
                delete.run();
            } finally {
                end(pod, budget); // gone or going by now, as everybody sees
            }
        }
        return refusal;
    }

    private synchronized Optional<Refusal> begin(Resource pod, Resource budget) {
        Set<String> others = going.getOrDefault(budget.key(), Set.of());
        DisruptionState state = DisruptionState.of(budget, store, others);
        boolean unhealthy = !DisruptionState.isReady(pod) && mayGoUnhealthy(budget, state);
        if (!unhealthy && state.allowed() == 0) {
            return Optional.of(refusal(budget, state));
        }
        going.computeIfAbsent(budget.key(), key -> new HashSet<>()).add(pod.name());
        return Optional.empty();
    }

    private synchronized void end(Resource pod, Resource budget) {
        Set<String> pods = going.getOrDefault(budget.key(), Set.of());
        if (pods.remove(pod.name()) && pods.isEmpty()) {
            going.remove(budget.key());
        }
    }

    private static boolean isFree(Resource pod) {
        String phase = pod.at("/status/phase").asString("Pending");
        return pod.deleting() || ENDED_OR_NOT_BEGUN.contains(phase);
    }

    private static boolean mayGoUnhealthy(Resource budget, DisruptionState state) {
        boolean always =
                budget.at("/spec/unhealthyPodEvictionPolicy").asString("").equals("AlwaysAllow");
        return always || (state.desired() > 0 && state.healthy() >= state.desired());
    }

    private static Refusal refusal(Resource budget, DisruptionState state) {
        String cause = state.failure().isEmpty()
                ? "The disruption budget " + budget.name() + " needs " + state.desired() + " healthy pods and has "
                        + state.healthy() + " currently"
                : "The disruption budget " + budget.name()
                        + " does not allow evicting pods currently because it failed sync: " + state.failure();
        return new Refusal(429, "Cannot evict pod as it would violate the pod's disruption budget.", cause);
    }
}
