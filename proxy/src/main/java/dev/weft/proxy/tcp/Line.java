package dev.weft.proxy.tcp;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.Received;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.balance.EndpointLoad;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.message.Counting;
import dev.weft.proxy.relay.FrameReader;
import dev.weft.proxy.relay.Frames;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One try to connect a stream to one endpoint. It stands when the endpoint accepted, and inside the mesh when the other
 * proxy reached the program; not a byte of the client's was sent before, so until then another endpoint may be tried.
 * Owner: the stream's loop.
 */
final class Line implements ConnectionHandler, FrameReader.Sink {

    /** The other proxy waits as long for its program as this one for the other proxy. */
    private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What a connection that stands counts as, where requests are judged by their status. */
    private static final int CONNECTED = 200;

    private final Dial dial;
    private final ServicePort servicePort;
    private final Endpoint endpoint;
    private final Optional<EndpointLoad> load;
    private final Optional<Slot> slot;
    private final Optional<FrameReader> frames;
    private final long startNanos = System.nanoTime();
    private final long deadlineNanos;
    private long connectNanos;
    private @Nullable Connection connection;
    private boolean standing;
    private boolean taken;
    private boolean over;

    Line(
            Dial dial,
            ServicePort servicePort,
            Endpoint endpoint,
            Optional<EndpointLoad> load,
            Optional<Slot> slot,
            long deadlineNanos) {
        this.dial = dial;
        this.servicePort = servicePort;
        this.endpoint = endpoint;
        this.load = load;
        this.slot = slot;
        this.deadlineNanos = deadlineNanos;
        this.frames =
                endpoint.transport() == Endpoint.Transport.MESH ? Optional.of(new FrameReader()) : Optional.empty();
        frames.ifPresent(reader -> reader.sink(this));
    }

    void start(Optional<ClientTls> identity) {
        load.ifPresent(EndpointLoad::begin);
        Destination to = destination(identity).whenMade(this::count);
        Connection made = dial.worker().loop().connect(to, this, deadlineNanos);
        if (connection == null && !over) {
            connection = made;
        }
    }

    private void count(Connection made) {
        Entrance entrance = dial.entrance();
        Counting.made(
                dial.worker().outcomes(),
                made,
                entrance.hop(),
                entrance.reporter(),
                endpoint,
                entrance.inbound().isPresent() ? Optional.empty() : Optional.of(servicePort));
    }

    private Destination destination(Optional<ClientTls> identity) {
        return switch (endpoint.transport()) {
            case MESH ->
                new Destination(
                        endpoint.address(),
                        endpoint.port(),
                        identity,
                        endpoint.workload().map(to -> to.identity().uri()).orElse("nobody"),
                        ClientTls.STREAM_PROTOCOL);
            case PLAIN ->
                new Destination(endpoint.address(), endpoint.port(), Optional.empty(), "")
                        .within(dial.entrance().inbound().flatMap(Entrance.Inbound::network));
            case TLS ->
                new Destination(
                        endpoint.address(),
                        endpoint.port(),
                        Optional.of(dial.worker().outsideTls()),
                        "");
        };
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        if (over) {
            opened.close();
        } else if (frames.isEmpty()) {
            opened.allowHalfClose(true);
            stand();
        } else if (ClientTls.STREAM_PROTOCOL.equals(
                opened.tls().map(TlsSession::protocol).orElse(""))) {
            Frames.named(opened, dial.introduction().text());
            opened.deadline(deadlineNanos + ANSWER_NANOS);
        } else {
            fail(ErrorCode.PROTOCOL_UNSUPPORTED, "Its proxy takes no opaque streams.", false);
        }
    }

    private void stand() {
        standing = true;
        long now = System.nanoTime();
        connectNanos = now - startNanos;
        load.ifPresent(known -> known.answered(now, connectNanos, CONNECTED));
        connection().deadline(0);
        dial.stands(this);
    }

    @Override
    public void received(Received bytes) {
        if (over) {
            return;
        }
        if (frames.isEmpty()) {
            data(bytes, 0, bytes.length());
        } else if (!frames.get().read(bytes)) {
            closed(new Closure(Closure.Kind.PEER, "its frames are malformed"));
        }
    }

    /** Only while nobody has taken the line: the server speaks first. */
    @Override
    public void data(Received bytes, int from, int to) {
        if (standing && !over) {
            dial.spoke(bytes, from, to);
        }
    }

    @Override
    public void inputEnded() {
        if (standing && !over) {
            dial.serverEnded();
            return;
        }
        closed(new Closure(Closure.Kind.PEER, "closed by the peer"));
    }

    @Override
    public void ended() {
        inputEnded();
    }

    @Override
    public void broken(String detail) {
        closed(new Closure(Closure.Kind.PEER, detail));
    }

    @Override
    public void named(String text) {
        closed(new Closure(Closure.Kind.PEER, "it named the stream, which only the calling side may"));
    }

    @Override
    public void opened() {
        if (!over && !standing) {
            stand();
        }
    }

    @Override
    public void refused(String code, String detail) {
        ErrorCode error = Frames.error(code).orElse(ErrorCode.UPSTREAM_CLOSED);
        boolean elsewhere = error == ErrorCode.CONNECT_FAILED || error == ErrorCode.CONNECT_TIMEOUT;
        fail(error, detail, elsewhere);
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void timedOut() {
        fail(ErrorCode.CONNECT_TIMEOUT, "Endpoint " + endpoint + ": its proxy did not answer in time.", true);
    }

    @Override
    public void closed(Closure closure) {
        if (over) {
            return;
        }
        if (standing) {
            leave(true);
            dial.lost(closure);
            return;
        }
        ErrorCode error = switch (closure.kind()) {
            case NOT_CONNECTED -> ErrorCode.CONNECT_FAILED;
            case NOT_IN_TIME -> ErrorCode.CONNECT_TIMEOUT;
            case TLS -> ErrorCode.TLS_FAILED;
            case BUG -> ErrorCode.INTERNAL;
            case HERE, PEER -> ErrorCode.UPSTREAM_CLOSED;
        };
        fail(error, "Endpoint " + endpoint + ": " + closure.detail() + ".", true);
    }

    private void fail(ErrorCode error, String detail, boolean elsewhere) {
        if (!over) {
            leave(elsewhere);
            dial.failed(this, error, detail, elsewhere);
        }
    }

    /**
     * Ends it, whatever state it is in.
     *
     * @param failed through the endpoint's fault
     */
    void leave(boolean failed) {
        if (over) {
            return;
        }
        over = true;
        long now = System.nanoTime();
        if (!standing && failed) {
            load.ifPresent(known -> known.failed(now, now - startNanos));
        }
        load.ifPresent(EndpointLoad::end);
        slot.ifPresent(Slot::release);
        if (connection != null && !taken) {
            connection.close();
        }
    }

    boolean isOver() {
        return over;
    }

    /** A relay has it now. */
    void take() {
        taken = true;
    }

    Connection connection() {
        Connection there = connection;
        if (there == null) {
            throw new IllegalStateException("not connected");
        }
        return there;
    }

    Optional<FrameReader> frames() {
        return frames;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Attempt attempt(Optional<ErrorCode> error) {
        long now = System.nanoTime();
        return new Attempt(servicePort, endpoint, 0, error, startNanos, connectNanos, 0, now - startNanos);
    }

    Peer peer() {
        return peer(connection());
    }

    static Peer peer(Connection open) {
        Optional<TlsSession> tls = open.tls();
        return new Peer(
                open.remoteAddress(),
                tls.flatMap(session -> WorkloadIdentity.parse(session.peerUri())),
                tls.map(TlsSession::version).orElse(""),
                tls.map(TlsSession::cipher).orElse(""),
                tls.map(TlsSession::keyExchange).orElse(""));
    }
}
