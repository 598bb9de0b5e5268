package dev.weft.proxy.tcp;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.ServerTls;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.policy.AddressRange;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.limit.ConnectionCounts;
import dev.weft.proxy.relay.FrameReader;
import dev.weft.proxy.server.ServerConnection;
import java.util.List;
import java.util.Optional;

/**
 * The one place where it is chosen who handles an accepted connection: the HTTP engine, or a {@link Stream}, or first
 * somebody who finds out.
 */
public final class Doors {

    private static final ProtocolVerdict STREAM =
            new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.NEGOTIATED);

    private Doors() {}

    /**
     * Makes the handler of an accepted connection.
     *
     * @param edgeTls what an edge listener speaks TLS with; its connections come in clear, so that the server name can be
     *     read before it is decided who ends the TLS
     * @param learned what this worker has learned of service ports
     * @param counts of the connections from outside
     */
    public static ConnectionHandler accept(
            Worker worker, Entrance entrance, Optional<ServerTls> edgeTls, Learned learned, ConnectionCounts counts) {
        return switch (entrance.hop()) {
            case EDGE -> edge(worker, entrance, new Counted(worker, entrance, edgeTls, counts));
            case INBOUND -> new Negotiated(worker, entrance, worker.removals());
            case OUTBOUND -> {
                Optional<Entrance.Steering> steering = entrance.steering();
                if (steering.isPresent()) {
                    yield new Steered(worker, entrance, steering.get(), learned);
                }
                Optional<ServicePort> outlet = entrance.outlet();
                yield outlet.isPresent()
                        ? new Detecting(worker, entrance, outlet.get(), learned)
                        : new ServerConnection(worker, entrance);
            }
        };
    }

    private static ConnectionHandler edge(Worker worker, Entrance entrance, ConnectionHandler counted) {
        Optional<EdgeListener> listener = worker.view().snapshot().edge().stream()
                .filter(each -> each.name().equals(entrance.name()))
                .findFirst();
        if (listener.isEmpty()) {
            return new Gone(worker, entrance);
        }
        List<AddressRange> announcers = listener.get().announcers();
        return announcers.isEmpty() ? counted : new Announced(worker, entrance, announcers, counted);
    }

    /**
     * The connection carries requests: the HTTP engine has it from now on.
     *
     * @param found how that was found out, where it was in question
     * @param first what the client has said already, up to {@code length}
     */
    static void requests(
            Worker worker,
            Entrance entrance,
            Connection client,
            Optional<ProtocolVerdict> found,
            byte[] first,
            int length) {
        ConnectionHandler engine = new ServerConnection(worker, entrance, found);
        client.allowHalfClose(false);
        client.deadline(0);
        client.handler(engine);
        engine.opened(client);
        client.replay(first, length);
    }

    /** The listener is about to close, and who may speak for others there is not known any more. */
    private record Gone(Worker worker, Entrance entrance) implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {
            String detail = "listener " + entrance.name() + " is not declared any more";
            Refusals.tell(worker, entrance, connection, ErrorCode.DRAINING, detail);
            connection.reset();
        }
    }

    /** A connection from outside, before anybody looks at it. */
    private record Counted(Worker worker, Entrance entrance, Optional<ServerTls> tls, ConnectionCounts counts)
            implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {
            String listener = entrance.name();
            String place = connection.remoteAddress();
            String address = place.substring(0, Math.max(0, place.lastIndexOf(':')));
            Optional<String> refusal = counts.enter(
                    listener,
                    address,
                    worker.view().snapshot().edgeRules().clients().connections());
            if (refusal.isPresent()) {
                Refusals.tell(worker, entrance, connection, ErrorCode.TOO_MANY_CONNECTIONS, refusal.get());
                connection.reset();
                return;
            }
            connection.whenGone(() -> counts.leave(listener, address));
            ConnectionHandler next = EdgeDoor.accept(worker, entrance, tls);
            connection.handler(next);
            next.opened(connection);
        }
    }

    /**
     * A connection between two proxies: their handshake said what it carries.
     *
     * @param removals of anchors or certificates before the handshake, as this worker counts them
     */
    private record Negotiated(Worker worker, Entrance entrance, int removals) implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {
            if (!proven(connection) || !trusted(connection)) {
                return;
            }
            boolean stream =
                    connection.tls().map(TlsSession::protocol).orElse("").equals(ClientTls.STREAM_PROTOCOL);
            Optional<Entrance.Inbound> inbound = entrance.inbound();
            if (!stream || inbound.isEmpty()) {
                requests(worker, entrance, connection, Optional.empty(), new byte[0], 0);
                return;
            }
            worker.outcomes().protocolFound(entrance.hop(), entrance.reporter(), Optional.empty(), STREAM);
            Way way = Ways.inbound(worker, inbound.get(), Line.peer(connection));
            new Stream(
                            worker,
                            entrance,
                            connection,
                            Manner.FRAMED,
                            Optional.of(new FrameReader()),
                            way,
                            Optional.empty())
                    .proceed(STREAM, "", new byte[0], 0, false);
        }

        /** A certificate of the mesh's authority may name anything; a workload of this trust domain has to be in it. */
        private boolean proven(Connection connection) {
            String uri = uri(connection);
            String domain = entrance.reporter().identity().trustDomain();
            boolean ours = WorkloadIdentity.parse(uri)
                    .filter(caller -> caller.trustDomain().equals(domain))
                    .isPresent();
            if (!ours) {
                String named = uri.isEmpty() ? "no workload" : uri;
                refuse(
                        connection,
                        "the caller's certificate names " + named + " (expected: a workload of " + domain + ")");
            }
            return ours;
        }

        /** Trust may have ended while hands were shaken, which was begun by what was trusted before. */
        private boolean trusted(Connection connection) {
            Optional<String> refusal = removals == worker.removals()
                    ? Optional.empty()
                    : connection.tls().flatMap(worker::refusal);
            refusal.ifPresent(reason -> refuse(connection, reason));
            return refusal.isEmpty();
        }

        private static String uri(Connection connection) {
            return connection.tls().map(TlsSession::peerUri).orElse("");
        }

        private void refuse(Connection connection, String detail) {
            Refusals.tell(worker, entrance, connection, ErrorCode.CALLER_UNPROVEN, detail);
            connection.close();
        }

        @Override
        public void neverOpened(Connection connection, Closure closure) {
            Refusals.handshake(worker, entrance, connection, closure, ErrorCode.CALLER_UNPROVEN);
        }
    }
}
