package dev.weft.proxy.tcp;

import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.network.Meaning;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * A connection that a pod's program opened to any address, and that its network brought here: asks what the address means,
 * and hands the connection on. Owner: the connection's loop.
 */
record Steered(Worker worker, Entrance entrance, Entrance.Steering steering, Learned learned)
        implements ConnectionHandler {

    /** In place of a namespace, where a stream leaves the mesh. */
    private static final String OUTSIDE = "outside";

    private static final ProtocolVerdict UNSEEN =
            new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.DECLARED);

    @Override
    public void opened(Connection connection) {
        InetSocketAddress asked = connection.meantSocket();
        switch (steering.network().meaning(asked)) {
            case Meaning.Service(ServicePort to) -> detect(connection, entrance.to(to, steering.service()), to);
            case Meaning.Pod(String pod, int port) -> toPod(connection, pod, port);
            case Meaning.Outside outside -> leave(connection, outside, asked.getPort());
            case Meaning.Nothing(String reason) -> refuse(connection, reason);
        }
    }

    private void detect(Connection connection, Entrance narrowed, ServicePort to) {
        Detecting next = new Detecting(worker, narrowed, to, learned);
        connection.handler(next);
        next.opened(connection);
    }

    private void toPod(Connection connection, String pod, int port) {
        for (Instance instance : worker.view().snapshot().instances()) {
            Workload workload = instance.workload();
            if (!pod.equals(workload.namespace() + "/" + workload.name())) {
                continue;
            }
            Optional<Instance.Port> declared = instance.ports().stream()
                    .filter(each -> each.containerPort() == port)
                    .findFirst();
            if (declared.isPresent()) {
                ServicePort named = new ServicePort(new ServiceName(workload.namespace(), workload.owner()), port);
                Endpoint proxy = new Endpoint(
                        instance.address(),
                        declared.get().inboundPort(),
                        Optional.of(workload),
                        Endpoint.Transport.MESH);
                detect(connection, entrance.to(new Entrance.Inbound(proxy, named, pod), steering.pod()), named);
                return;
            }
        }
        refuse(connection, "pod " + pod + " declares no port " + port);
    }

    private void leave(Connection connection, Meaning.Outside to, int port) {
        Endpoint endpoint = new Endpoint(to.address(), to.port(), Optional.empty(), Endpoint.Transport.PLAIN);
        ServicePort named = new ServicePort(new ServiceName(OUTSIDE, to.name()), port);
        Decision left = new Decision("route", "outside of the mesh: " + to.name() + ":" + port);
        Way way = new Way.Address(named, endpoint, List.of(left));
        new Stream(worker, entrance, connection, Manner.SILENT, Optional.empty(), way, Optional.of(named))
                .proceed(UNSEEN, "", new byte[0], 0, false);
    }

    private void refuse(Connection connection, String reason) {
        Refusals.tell(worker, entrance, connection, ErrorCode.ROUTE_NOT_FOUND, reason);
        connection.reset();
    }
}
