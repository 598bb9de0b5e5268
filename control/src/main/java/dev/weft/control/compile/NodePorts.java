package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.resources.Kinds;
import dev.weft.resources.core.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ports of this machine that Services of type NodePort and LoadBalancer name: whoever connects there reaches the Service as
 * the edge, byte for byte. Only from this machine, wherever the edge listens, as with {@link HostPorts}.
 */
final class NodePorts {

    private NodePorts() {}

    /** The edge's listeners and these, where a listener has not the port already. */
    static List<EdgeListener> with(List<EdgeListener> edge, Declarations declarations, Findings findings) {
        List<EdgeListener> all = new ArrayList<>(edge);
        Set<Integer> taken = new HashSet<>();
        edge.forEach(listener -> taken.add(listener.port()));
        List<Declared<Service>> services = new ArrayList<>(declarations.readable(Kinds.SERVICE, Service.class));
        services.sort(Declared.OLDEST_FIRST);
        for (Declared<Service> declared : services) {
            Service service = declared.value().orElseThrow();
            boolean has = service.type() == Service.Type.NODE_PORT || service.type() == Service.Type.LOAD_BALANCER;
            for (int i = 0; has && i < service.ports().size(); i++) {
                Service.Port port = service.ports().get(i);
                if (port.nodePort() == 0 || !port.protocol().equals("TCP")) {
                    continue;
                }
                if (taken.add(port.nodePort())) {
                    all.add(listener(declared, port));
                } else {
                    findings.error(
                            declared.key(),
                            "spec.ports[" + i + "].nodePort",
                            "Conflict",
                            "port " + port.nodePort() + " of this machine is another's already.",
                            "Choose another nodePort.");
                }
            }
        }
        return all;
    }

    private static EdgeListener listener(Declared<Service> declared, Service.Port port) {
        String name = "node-port-" + port.nodePort();
        WeightedBackend backend =
                new WeightedBackend(new Backend.Service(new ServicePort(declared.serviceName(), port.port())), 100);
        Rule rule = new Rule(
                declared.key().toString(),
                declared.key().reference(),
                List.of(),
                List.of(),
                List.of(backend),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.NONE);
        Frontend frontend = new Frontend(name, declared.key().reference(), List.of(), List.of(rule));
        EdgeStream stream = new EdgeStream("", false, frontend, Duration.ZERO);
        return new EdgeListener(
                name,
                declared.key().reference(),
                HostPorts.LOOPBACK,
                port.nodePort(),
                false,
                List.of(),
                List.of(stream),
                false);
    }
}
