package dev.weft.control.endpoint;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.workload.Instance;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.core.Service;
import dev.weft.resources.core.ServiceEndpoints;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The endpoints of Services without a selector: those that somebody wrote down in the Endpoints of the same name. */
public record WrittenEndpoints(Declarations declarations, InstanceIndex instances, Findings findings) {

    /** Those of one port; empty where nobody wrote any. */
    public List<Endpoint> of(Declared<Service> service, Service.Port port) {
        List<Endpoint> found = new ArrayList<>();
        Key key = Kinds.ENDPOINTS.key(
                service.resource().namespace(), service.resource().name());
        declarations
                .find(key, ServiceEndpoints.class)
                .ifPresent(written -> written.subsets()
                        .forEach(subset -> subset.port(port.name())
                                .ifPresent(number -> subset.ready()
                                        .forEach(address ->
                                                endpoint(key, address, number).ifPresent(found::add)))));
        return found;
    }

    /**
     * A pod's address is reached through the mesh, while the pod is ready; any other as it is, unless it is this machine's
     * own: who may write Endpoints would reach what listens for this machine alone.
     */
    private Optional<Endpoint> endpoint(Key key, String address, int number) {
        Optional<Instance> pod = instances.at(address);
        if (pod.isEmpty() && InetAddress.ofLiteral(address).isLoopbackAddress()) {
            findings.error(
                    key,
                    "subsets",
                    "AddressInvalid",
                    address + " is this machine's own and no pod's, so nothing is sent there.",
                    "Let the program listen at an address that others reach, and write that.");
            return Optional.empty();
        }
        if (pod.isEmpty()) {
            return Optional.of(new Endpoint(address, number, Optional.empty(), Endpoint.Transport.PLAIN));
        }
        return pod.filter(Instance::ready)
                .flatMap(instance -> instance.ports().stream()
                        .filter(port -> port.containerPort() == number)
                        .findFirst()
                        .map(port -> new Endpoint(
                                instance.address(),
                                port.inboundPort(),
                                Optional.of(instance.workload()),
                                Endpoint.Transport.MESH)));
    }
}
