package dev.weft.catalog.metrics;

import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the service that a request asked for (the apex of a split) from the one that it was sent to (a leaf). Immutable,
 * made from one snapshot.
 */
public final class Apexes {

    public static final Apexes NONE = new Apexes(Map.of(), Map.of(), Map.of());

    private record EdgeRule(String frontend, String rule) {}

    private final Map<String, ServicePort> meshFrontends;
    private final Map<EdgeRule, ServicePort> edgeRules;
    private final Map<ServicePort, ServicePort> leaves;

    private Apexes(
            Map<String, ServicePort> meshFrontends,
            Map<EdgeRule, ServicePort> edgeRules,
            Map<ServicePort, ServicePort> leaves) {
        this.meshFrontends = meshFrontends;
        this.edgeRules = edgeRules;
        this.leaves = leaves;
    }

    public static Apexes of(Snapshot snapshot) {
        Map<String, ServicePort> mesh = new HashMap<>();
        Map<ServicePort, Set<ServicePort>> parents = new HashMap<>();
        snapshot.meshFrontends().forEach((apex, frontend) -> {
            mesh.put(frontend.name(), apex);
            for (Rule rule : frontend.rules()) {
                for (WeightedBackend weighted : rule.backends()) {
                    if (weighted.backend() instanceof Backend.Service leaf
                            && !leaf.servicePort().equals(apex)) {
                        parents.computeIfAbsent(leaf.servicePort(), any -> new HashSet<>())
                                .add(apex);
                    }
                }
            }
        });
        Map<ServicePort, ServicePort> leaves = new HashMap<>();
        parents.forEach((leaf, apexes) -> {
            if (apexes.size() == 1) {
                leaves.put(leaf, apexes.iterator().next());
            }
        });
        Map<EdgeRule, ServicePort> edge = new HashMap<>();
        for (Frontend frontend : snapshot.edgeFrontends()) {
            for (Rule rule : frontend.rules()) {
                delegate(rule).ifPresent(apex -> edge.put(new EdgeRule(frontend.name(), rule.name()), apex));
            }
        }
        return new Apexes(Map.copyOf(mesh), Map.copyOf(edge), Map.copyOf(leaves));
    }

    /** The service asked for; empty when the request led to none. */
    public Optional<ServicePort> apex(Outcome outcome) {
        ServicePort mesh = meshFrontends.get(outcome.frontend());
        if (mesh != null) {
            return Optional.of(mesh);
        }
        ServicePort edge = edgeRules.get(new EdgeRule(outcome.frontend(), outcome.rule()));
        return edge != null ? Optional.of(edge) : outcome.service().map(leaf -> leaves.getOrDefault(leaf, leaf));
    }

    /** The only service that splits to this one, or this one itself. */
    public ServicePort apex(ServicePort leaf) {
        return leaves.getOrDefault(leaf, leaf);
    }

    private static Optional<ServicePort> delegate(Rule rule) {
        return rule.backends().stream()
                .map(WeightedBackend::backend)
                .filter(Backend.Delegate.class::isInstance)
                .map(backend -> ((Backend.Delegate) backend).servicePort())
                .findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Apexes apexes
                && meshFrontends.equals(apexes.meshFrontends)
                && edgeRules.equals(apexes.edgeRules)
                && leaves.equals(apexes.leaves);
    }

    @Override
    public int hashCode() {
        return meshFrontends.hashCode() + 31 * edgeRules.hashCode() + 961 * leaves.hashCode();
    }
}
