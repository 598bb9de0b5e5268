package dev.weft.model.workload;

import java.util.List;
import java.util.Map;

/**
 * One running pod as the data plane sees it: who it is, where the node's proxy listens for it, where its program
 * listens.
 *
 * <p>The node's proxy accepts the pod's outgoing calls at {@code address:outboundPort} (whoever connects there <em>is</em>
 * this workload), and calls to the pod at each port's {@code inboundPort}, mutual TLS only.
 *
 * @param labels the pod's labels; Services select by them
 * @param address where the proxy listens for this pod alone: one in 127/8 of the node, or the pod's own
 * @param outboundPort the outbound listener's port on {@code address}; {@link #NO_WAY_OUT} for a pod that shares the node's
 *     network by its own wish and calls others past the mesh
 * @param ports what the pod serves, in the order declared
 * @param outlets where the pod's program reaches services that are not called as an HTTP proxy is: connections accepted
 *     there go to that service port, from this workload
 * @param ready whether its readiness probe holds; only then is it an endpoint
 */
public record Instance(
        Workload workload,
        Map<String, String> labels,
        String address,
        int outboundPort,
        List<Port> ports,
        List<Outlet> outlets,
        boolean ready) {

    /** In place of an outbound listener's port. */
    public static final int NO_WAY_OUT = 0;

    /** The label that names the zone a pod runs in; Kubernetes copies it from the node. */
    public static final String ZONE_LABEL = "topology.kubernetes.io/zone";

    /** A pod without outlets. */
    public Instance(
            Workload workload,
            Map<String, String> labels,
            String address,
            int outboundPort,
            List<Port> ports,
            boolean ready) {
        this(workload, labels, address, outboundPort, ports, List.of(), ready);
    }

    public Instance {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        outlets = List.copyOf(outlets);
    }

    /** The pod's own address, {@code status.podIP}: where its program is reached, unless it shares the node's network. */
    public String podAddress() {
        return ports.stream()
                .map(Port::applicationAddress)
                .filter(each -> !each.startsWith("127."))
                .findFirst()
                .orElse(address);
    }

    /**
     * One port that the pod serves.
     *
     * @param name may be empty
     * @param containerPort what the pod's specification says, and Services mean by {@code targetPort}
     * @param inboundPort where the node's proxy accepts mutual TLS for it, on the pod's address
     * @param applicationAddress where the program really listens, as the node reaches it
     * @param applicationPort likewise
     * @param hostPort of this machine's loopback, where whoever connects reaches this port as the edge; 0 for none
     */
    public record Port(
            String name,
            int containerPort,
            int inboundPort,
            String applicationAddress,
            int applicationPort,
            int hostPort) {

        /** A port that has none of this machine's. */
        public Port(String name, int containerPort, int inboundPort, String applicationAddress, int applicationPort) {
            this(name, containerPort, inboundPort, applicationAddress, applicationPort, 0);
        }
    }

    /**
     * A way out of the pod to one service port.
     *
     * @param servicePort the service's port
     * @param port where the node's proxy accepts connections for it, on the pod's address
     */
    public record Outlet(ServiceName service, int servicePort, int port) {}
}
