package dev.weft.control.endpoint;

import dev.weft.model.workload.Instance;
import dev.weft.resources.core.PortReference;
import dev.weft.resources.core.Service;
import java.util.List;
import java.util.Optional;

/** Which port of pods a Service's port leads to. */
final class PortNumbers {

    private PortNumbers() {}

    /** Empty while no pod has a port of that name. */
    static Optional<Integer> of(Service.Port port, List<Instance> selected) {
        return switch (port.targetPort()) {
            case PortReference.Numbered(int number) -> Optional.of(number);
            case PortReference.Named(String name) ->
                selected.stream()
                        .flatMap(instance -> instance.ports().stream())
                        .filter(candidate -> candidate.name().equals(name))
                        .map(Instance.Port::containerPort)
                        .findFirst();
        };
    }
}
