package dev.weft.catalog.metrics;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The texts that label series, each made once: a request's series is looked up with texts that know their hash and are
 * the very ones in the table. Shared by all loops; holds what one snapshot names, and goes with it.
 */
final class Labels {

    private final Map<ServicePort, Texts> services = new ConcurrentHashMap<>();
    private final Map<WorkloadIdentity, String> identities = new ConcurrentHashMap<>();

    /**
     * Of one service port.
     *
     * @param name {@code namespace/name:port}
     * @param service {@code namespace/name}
     * @param authority {@code name.namespace.svc.cluster.local:port}
     */
    private record Texts(String name, String service, String authority) {
        private static Texts of(ServicePort port) {
            return new Texts(port.toString(), port.service().toString(), Recorder.authority(port));
        }
    }

    String name(ServicePort port) {
        return texts(port).name;
    }

    String name(Optional<ServicePort> port) {
        return port.isPresent() ? texts(port.get()).name : "";
    }

    String service(Optional<ServicePort> port) {
        return port.isPresent() ? texts(port.get()).service : "";
    }

    String authority(ServicePort port) {
        return texts(port).authority;
    }

    String uri(Optional<WorkloadIdentity> identity) {
        if (identity.isEmpty()) {
            return "";
        }
        String known = identities.get(identity.get());
        return known != null ? known : identities.computeIfAbsent(identity.get(), WorkloadIdentity::uri);
    }

    private Texts texts(ServicePort port) {
        Texts known = services.get(port); // computeIfAbsent may lock where get does not
        return known != null ? known : services.computeIfAbsent(port, Texts::of);
    }
}
