package dev.weft.control.compile;

import dev.weft.control.declared.Findings;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.resources.Kinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ports of this machine that pods ask for by {@code hostPort}: whoever connects there reaches that one pod as the edge, byte
 * for byte, also while it is not ready.
 */
final class HostPorts {

    /** Wherever the edge listens: who may write a pod or a Service must not open the machine to the network by it. */
    static final String LOOPBACK = "127.0.0.1";

    private HostPorts() {}

    /** The edge's listeners and these, where a listener has not the port already. */
    static List<EdgeListener> with(
            List<EdgeListener> edge, List<Instance> instances, MeshServices services, Findings findings) {
        List<EdgeListener> all = new ArrayList<>(edge);
        Set<Integer> taken = new HashSet<>();
        edge.forEach(listener -> taken.add(listener.port()));
        for (Instance instance : instances) {
            for (Instance.Port port : instance.ports()) {
                if (port.hostPort() == 0) {
                    continue;
                }
                if (taken.add(port.hostPort())) {
                    all.add(listener(instance, port, services));
                } else {
                    findings.error(
                            Kinds.POD.key(
                                    instance.workload().namespace(),
                                    instance.workload().name()),
                            "spec.containers[].ports[].hostPort",
                            "Conflict",
                            "port " + port.hostPort() + " of this machine is another's already.",
                            "Choose another hostPort.");
                }
            }
        }
        return all;
    }

    private static EdgeListener listener(Instance instance, Instance.Port port, MeshServices services) {
        Workload workload = instance.workload();
        ResourceReference pod =
                Kinds.POD.key(workload.namespace(), workload.name()).reference();
        // No Service has a dot in its name.
        ServicePort itself =
                new ServicePort(new ServiceName(workload.namespace(), workload.name() + ".pod"), port.containerPort());
        services.outside(
                itself,
                new Endpoint(instance.address(), port.inboundPort(), Optional.of(workload), Endpoint.Transport.MESH));
        String name = "host-port-" + port.hostPort();
        Rule rule = new Rule(
                pod.toString(),
                pod,
                List.of(),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(itself), 100)),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.NONE);
        Frontend frontend = new Frontend(name, pod, List.of(), List.of(rule));
        return new EdgeListener(
                name,
                pod,
                LOOPBACK,
                port.hostPort(),
                false,
                List.of(),
                List.of(new EdgeStream("", false, frontend, Duration.ZERO)),
                false);
    }
}
