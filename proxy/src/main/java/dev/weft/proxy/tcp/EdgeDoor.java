package dev.weft.proxy.tcp;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.http.transport.ServerTls;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.relay.Detected;
import dev.weft.proxy.server.ServerConnection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an edge listener: carries requests, or is passed on as bytes by the port alone or by the server name in
 * the client's TLS handshake, which the edge ends or does not touch. Owner: the connection's loop.
 */
final class EdgeDoor implements ConnectionHandler {

    private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final ProtocolVerdict DECLARED = new ProtocolVerdict(Protocol.OPAQUE, Reason.DECLARED);

    private final Worker worker;
    private final Entrance entrance;
    private final Optional<ServerTls> tls;
    private final FirstBytes first = new FirstBytes();
    private @Nullable Connection client;
    private @Nullable EdgeStream ended;
    private String serverName = "";
    private boolean shaking;
    private boolean clientEnded;

    private EdgeDoor(Worker worker, Entrance entrance, Optional<ServerTls> tls) {
        this.worker = worker;
        this.entrance = entrance;
        this.tls = tls;
    }

    static ConnectionHandler accept(Worker worker, Entrance entrance, Optional<ServerTls> tls) {
        boolean plainRequests = tls.isEmpty()
                && listener(worker, entrance)
                        .map(found -> found.streams().isEmpty())
                        .orElse(true);
        return plainRequests ? new ServerConnection(worker, entrance) : new EdgeDoor(worker, entrance, tls);
    }

    private static Optional<EdgeListener> listener(Worker worker, Entrance entrance) {
        return worker.view().snapshot().edge().stream()
                .filter(each -> each.name().equals(entrance.name()))
                .findFirst();
    }

    private List<EdgeStream> streams() {
        return listener(worker, entrance).map(EdgeListener::streams).orElse(List.of());
    }

    @Override
    public void opened(Connection connection) {
        client = connection;
        if (shaking) {
            secured(connection);
            return;
        }
        List<EdgeStream> streams = streams();
        if (streams.stream().anyMatch(stream -> !stream.serverName().isEmpty())) {
            connection.allowHalfClose(true);
            connection.deadline(System.nanoTime() + SILENCE_NANOS);
        } else if (tls.isPresent() && streams.stream().allMatch(EdgeStream::endsTls)) {
            shake(streams.stream().findFirst());
        } else {
            byPort(streams);
        }
    }

    /** The handshake is over. */
    private void secured(Connection connection) {
        if (connection.tls().map(TlsSession::protocol).orElse("").equals(TlsSession.ACME)) {
            connection.close(); // the handshake was the answer (RFC 8737 section 3)
            return;
        }
        EdgeStream stream = ended;
        if (stream == null) {
            Doors.requests(worker, entrance, connection, Optional.empty(), new byte[0], 0);
        } else {
            begin(stream, new ProtocolVerdict(Protocol.TLS, Reason.CLIENT_HELLO), 0);
        }
    }

    private void shake(Optional<EdgeStream> stream) {
        shaking = true;
        ended = stream.orElse(null);
        Connection open = client();
        open.allowHalfClose(false);
        open.startTls(
                tls.orElseThrow(),
                first.bytes(),
                first.length(),
                worker.view()
                        .snapshot()
                        .edgeRules()
                        .clients()
                        .patience()
                        .handshake()
                        .toNanos());
    }

    @Override
    public void received(Received bytes) {
        Optional<Detected> found = first.add(bytes);
        if (found.isPresent()) {
            found(found.get());
        } else {
            client().deadline(first.deadline());
        }
    }

    @Override
    public void timedOut() {
        if (first.length() > 0) {
            found(first.afterPause());
        } else if (needsTls()) {
            shake(Optional.empty()); // nothing but a handshake can come
        } else {
            byPort(streams());
        }
    }

    /** Whether no connection without TLS is taken. */
    private boolean needsTls() {
        return tls.isPresent()
                && streams().stream()
                        .filter(stream -> stream.serverName().isEmpty())
                        .allMatch(EdgeStream::endsTls);
    }

    @Override
    public void inputEnded() {
        clientEnded = true;
        timedOut();
    }

    private void found(Detected detected) {
        serverName = detected.serverName();
        List<EdgeStream> streams = streams();
        if (detected.verdict().protocol() != Protocol.TLS) {
            if (needsTls()) {
                shake(Optional.empty()); // fails, and says so to the client
            } else {
                byPort(streams);
            }
            return;
        }
        Optional<EdgeStream> named = streams.stream()
                .filter(stream -> stream.serverName().equals(serverName))
                .findFirst()
                .or(() -> streams.stream()
                        .filter(stream -> stream.serverName().isEmpty())
                        .findFirst());
        boolean requests =
                listener(worker, entrance).map(EdgeListener::requests).orElse(false);
        if (named.isPresent() && !(named.get().endsTls() && tls.isPresent())) {
            begin(named.get(), detected.verdict(), first.length());
        } else if (tls.isPresent() && (named.isPresent() || requests)) {
            shake(named);
        } else {
            String name = serverName.isEmpty() ? "no server name" : "server name " + serverName;
            closed(new Way.Closed(
                    ErrorCode.SERVER_NAME_UNKNOWN, "No stream of " + entrance.name() + " takes " + name + "."));
        }
    }

    /** No server name decides. */
    private void byPort(List<EdgeStream> streams) {
        Optional<EdgeStream> any =
                streams.stream().filter(stream -> stream.serverName().isEmpty()).findFirst();
        boolean requests =
                listener(worker, entrance).map(EdgeListener::requests).orElse(true);
        if (any.isPresent()) {
            begin(any.get(), DECLARED, first.length());
        } else if (requests) {
            Doors.requests(worker, entrance, client(), Optional.empty(), first.bytes(), first.length());
        } else {
            closed(new Way.Closed(
                    ErrorCode.SERVER_NAME_UNKNOWN,
                    "The streams of " + entrance.name()
                            + " are chosen by server name, and there was no TLS handshake."));
        }
    }

    private void begin(EdgeStream stream, ProtocolVerdict verdict, int length) {
        Way way = Ways.to(worker, stream);
        Optional<ServicePort> service =
                way instanceof Way.Balanced balanced ? Optional.of(balanced.servicePort()) : Optional.empty();
        proceed(way, service, verdict, length);
    }

    private void closed(Way.Closed way) {
        proceed(way, Optional.empty(), DECLARED, 0);
    }

    private void proceed(Way way, Optional<ServicePort> service, ProtocolVerdict verdict, int length) {
        worker.outcomes().protocolFound(entrance.hop(), entrance.reporter(), service, verdict);
        new Stream(worker, entrance, client(), Manner.SILENT, Optional.empty(), way, service)
                .proceed(verdict, serverName, first.bytes(), length, clientEnded);
    }

    private Connection client() {
        Connection open = client;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void closed(Closure closure) {}

    @Override
    public void neverOpened(Connection connection, Closure closure) {
        Refusals.handshake(worker, entrance, connection, closure, ErrorCode.HANDSHAKE_FAILED);
    }
}
