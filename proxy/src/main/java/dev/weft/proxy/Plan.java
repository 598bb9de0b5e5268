package dev.weft.proxy;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.ServerTls;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.Hop;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Stations;
import dev.weft.proxy.network.Networks;
import dev.weft.proxy.network.PodNetwork;
import dev.weft.proxy.stack.Stacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One port that a snapshot wants open. Two plans are equal when nothing that the listener holds would change; an edge
 * listener's certificates are left out, as they are replaced while it is open.
 *
 * @param name for tables
 * @param source the resource to blame when it cannot be opened
 * @param steered where all that the pod's programs connect to comes in, whatever address and port they asked for
 */
record Plan(
        Hop hop,
        String name,
        ResourceReference source,
        String address,
        int port,
        boolean secured,
        Workload reporter,
        Optional<Entrance.Inbound> inbound,
        Optional<ServicePort> outlet,
        Optional<PodNetwork> steered) {

    private static final List<String> SPOKEN = List.of(TlsSession.HTTP_2, TlsSession.HTTP_1_1);

    static List<Plan> of(Snapshot snapshot, Networks networks) {
        List<Plan> plans = new ArrayList<>();
        snapshot.edge().forEach(listener -> plans.add(edge(listener)));
        for (Instance instance : snapshot.instances()) {
            Optional<PodNetwork> network = networks.of(pod(instance));
            boolean calls = instance.outboundPort() != Instance.NO_WAY_OUT;
            if (calls && network.isEmpty() && networks.everyPod()) {
                continue; // gone since the snapshot: on the host, anybody could call with its identity
            }
            if (calls) {
                plans.add(outbound(instance, network));
            }
            instance.outlets().forEach(outlet -> plans.add(outlet(instance, outlet)));
            instance.ports().forEach(port -> plans.add(inbound(instance, port, network)));
        }
        return plans;
    }

    /** {@code 127.0.0.1:4143}. */
    String place() {
        return address + ":" + port;
    }

    static Plan edge(EdgeListener listener) {
        return new Plan(
                Hop.EDGE,
                listener.name(),
                listener.source(),
                listener.address(),
                listener.port(),
                listener.tls(),
                Workload.EDGE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Plan outbound(Instance instance, Optional<PodNetwork> network) {
        return new Plan(
                Hop.OUTBOUND,
                "outbound " + pod(instance),
                source(instance),
                instance.address(),
                instance.outboundPort(),
                false,
                instance.workload(),
                Optional.empty(),
                Optional.empty(),
                network);
    }

    private static Plan outlet(Instance instance, Instance.Outlet outlet) {
        ServicePort to = new ServicePort(outlet.service(), outlet.servicePort());
        return new Plan(
                Hop.OUTBOUND,
                "outlet " + pod(instance) + " to " + to,
                source(instance),
                instance.address(),
                outlet.port(),
                false,
                instance.workload(),
                Optional.empty(),
                Optional.of(to),
                Optional.empty());
    }

    private static Plan inbound(Instance instance, Instance.Port port, Optional<PodNetwork> network) {
        Workload workload = instance.workload();
        Endpoint application = new Endpoint(
                port.applicationAddress(), port.applicationPort(), Optional.empty(), Endpoint.Transport.PLAIN);
        ServicePort named =
                new ServicePort(new ServiceName(workload.namespace(), workload.owner()), port.containerPort());
        return new Plan(
                Hop.INBOUND,
                "inbound " + pod(instance) + ":" + port.containerPort(),
                source(instance),
                instance.address(),
                port.inboundPort(),
                true,
                workload,
                Optional.of(new Entrance.Inbound(application, named, pod(instance), network)),
                Optional.empty(),
                Optional.empty());
    }

    private static String pod(Instance instance) {
        return instance.workload().namespace() + "/" + instance.workload().name();
    }

    private static ResourceReference source(Instance instance) {
        return new ResourceReference(
                "", "Pod", instance.workload().namespace(), instance.workload().name());
    }

    /** What the listener shows; an edge listener's certificates are put in right after. */
    Optional<ServerTls> tls(Identities identities) {
        if (!secured) {
            return Optional.empty();
        }
        return Optional.of(
                switch (hop) {
                    case EDGE -> ServerTls.edge(List.of(), SPOKEN);
                    case OUTBOUND, INBOUND -> identities.of(reporter.identity()).server();
                });
    }

    Entrance entrance(Identities identities, int workers) {
        Optional<ClientTls> client = hop == Hop.INBOUND
                ? Optional.empty()
                : Optional.of(identities.of(reporter.identity()).client());
        Optional<Entrance.Steering> steering =
                steered.map(network -> new Entrance.Steering(network, Stacks.outlet(), Stacks.toPod()));
        return new Entrance(hop, name, reporter, secured, stations(), client, inbound, outlet, steering, workers);
    }

    private Stations stations() {
        return switch (hop) {
            case EDGE -> Stacks.edge();
            case OUTBOUND -> outlet.isPresent() ? Stacks.outlet() : Stacks.outbound();
            case INBOUND -> Stacks.inbound();
        };
    }
}
