package dev.weft.control.endpoint;

import dev.weft.model.workload.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the instances that a selector picks without asking each of them. */
public final class InstanceIndex {

    private record Label(String namespace, String name, String value) {}

    private final Map<Label, List<Instance>> byLabel = new HashMap<>();
    private final Map<String, Instance> byAddress = new HashMap<>();

    public InstanceIndex(List<Instance> instances) {
        for (Instance instance : instances) {
            byAddress.put(instance.podAddress(), instance);
            String namespace = instance.workload().namespace();
            instance.labels()
                    .forEach((name, value) -> byLabel.computeIfAbsent(
                                    new Label(namespace, name, value), any -> new ArrayList<>())
                            .add(instance));
        }
    }

    /** The one at a pod's address. */
    Optional<Instance> at(String podAddress) {
        return Optional.ofNullable(byAddress.get(podAddress));
    }

    /** Those of the namespace that carry all of these labels, ready or not; none for an empty selector. */
    public List<Instance> select(String namespace, Map<String, String> selector) {
        List<Instance> fewest = List.of();
        boolean first = true;
        for (Map.Entry<String, String> label : selector.entrySet()) {
            List<Instance> some =
                    byLabel.getOrDefault(new Label(namespace, label.getKey(), label.getValue()), List.of());
            if (first || some.size() < fewest.size()) {
                fewest = some;
            }
            first = false;
        }
        return fewest.stream()
                .filter(instance -> instance.labels().entrySet().containsAll(selector.entrySet()))
                .toList();
    }
}
