package dev.weft.proxy.tcp;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.relay.FrameReader;
import dev.weft.proxy.relay.Relay;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that is passed on as bytes: dials an endpoint, keeps what the client says meanwhile, relays, and says what
 * happened. May dial before it is known whether the connection will be passed on at all. Owner: the client connection's
 * loop. Ends exactly once, by {@link #over}, or by {@link #abandon} when it never was one.
 */
final class Stream implements ConnectionHandler, Dial.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(Stream.class);
    private static final long KEY_SPREAD = 0x9E3779B97F4A7C15L;
    private static final int PENDING_BYTES_MAX = 64 * 1024;

    private final Worker worker;
    private final Entrance entrance;
    private final Connection client;
    private final Manner manner;
    private final Optional<FrameReader> frames;
    private final Way way;
    private final Optional<ServicePort> service;
    private final Dial dial;
    private final Peer clientPeer;
    private final Instant startedAt = Instant.now();
    private final long startNanos = System.nanoTime();
    private long connectNanos;

    private @Nullable Early early;
    private @Nullable ProtocolVerdict verdict;
    private String serverName = "";
    private byte[] pending = {};
    private int pendingLength;
    private boolean clientEnded;
    private @Nullable Relay relay;
    private ConnectionOutcome.@Nullable Ends ends;
    private boolean over;

    /** Hears of a line that was dialled before it was known what the client speaks. */
    interface Early {

        /** The server spoke, so it is a stream; {@link #proceed} must be called before this returns. */
        void serverSpoke(Received bytes, int from);

        /** There will be no line: refused, or closed by the server. */
        void lineLost(boolean byServer);
    }

    /**
     * Does nothing yet.
     *
     * @param frames present when the client is a proxy of the mesh
     * @param service where it goes, for records; empty inbound
     */
    Stream(
            Worker worker,
            Entrance entrance,
            Connection client,
            Manner manner,
            Optional<FrameReader> frames,
            Way way,
            Optional<ServicePort> service) {
        this.worker = worker;
        this.entrance = entrance;
        this.client = client;
        this.manner = manner;
        this.frames = frames;
        this.way = way;
        this.service = service;
        this.clientPeer = Line.peer(client);
        this.dial = new Dial(worker, entrance, way, key(clientPeer), this);
    }

    /** By the address alone: the port differs with each connection. */
    private static long key(Peer client) {
        String address = client.address();
        return address.substring(0, Math.max(0, address.lastIndexOf(':'))).hashCode() * KEY_SPREAD;
    }

    /** Connects to the server while the client is silent. */
    void dialEarly(Early listener) {
        early = listener;
        dial.start();
    }

    /** It was no stream after all. */
    void abandon() {
        over = true;
        dial.end();
    }

    /**
     * It is a stream: the client's connection is this one's from now on.
     *
     * @param first what the client has said already, up to {@code length}
     * @param ended whether the client has said all
     */
    void proceed(ProtocolVerdict found, String name, byte[] first, int length, boolean ended) {
        worker.streamBegan();
        verdict = found;
        serverName = name;
        pending = Arrays.copyOf(first, length);
        pendingLength = length;
        clientEnded = ended;
        client.handler(this);
        client.deadline(0);
        client.allowHalfClose(true);
        if (frames.isPresent()) {
            client.reading(false); // the other proxy says nothing before it is told that the stream stands
        }
        if (early == null) {
            dial.start();
        } else if (dial.isStanding()) {
            flow();
        }
    }

    @Override
    public void stands() {
        if (verdict != null) {
            flow();
        }
    }

    private void flow() {
        connectNanos = System.nanoTime() - startNanos;
        Line line = dial.line();
        ConnectionOutcome.Ends between = ends(Optional.of(line));
        ends = between;
        Relay started = new Relay(client, frames, line.connection(), line.frames(), idle(), this::relayed);
        relay = started;
        line.take();
        tell(() -> worker.outcomes().established(between));
        manner.accept(client);
        byte[] first = pending;
        pending = new byte[0];
        started.begin(first, pendingLength, clientEnded);
    }

    private Duration idle() {
        return switch (way) {
            case Way.Balanced balanced -> balanced.idle();
            case Way.Direct direct -> direct.idle();
            case Way.Closed _ -> Duration.ZERO;
        };
    }

    @Override
    public void spoke(Received bytes, int from, int to) {
        Early listener = early;
        if (relay == null && listener != null && !over) {
            listener.serverSpoke(bytes, from);
        }
        Relay running = relay;
        if (running != null) {
            running.server().data(bytes, from, to);
        }
    }

    @Override
    public void lost(Closure closure) {
        if (over) {
            return;
        }
        Early listener = early;
        if (verdict == null && listener != null) {
            listener.lineLost(true);
        } else {
            refuse(ErrorCode.UPSTREAM_CLOSED, "The server closed the connection: " + closure.detail() + ".");
        }
    }

    @Override
    public void failed(ErrorCode error, String detail) {
        if (over) {
            return;
        }
        Early listener = early;
        if (verdict == null && listener != null) {
            listener.lineLost(false);
        } else {
            refuse(error, detail);
        }
    }

    private void refuse(ErrorCode error, String detail) {
        over(EndedBy.PROXY, Optional.of(error), detail, 0, 0);
        manner.refuse(client, error, detail);
    }

    private void relayed(Relay.Ended end) {
        over(end.by(), end.error(), end.detail(), end.clientBytes(), end.serverBytes());
    }

    private void over(EndedBy by, Optional<ErrorCode> error, String detail, long clientBytes, long serverBytes) {
        if (over) {
            return;
        }
        over = true;
        dial.end();
        worker.streamEnded();
        ConnectionOutcome.Ends between = ends;
        ConnectionOutcome outcome = new ConnectionOutcome(
                between == null ? ends(Optional.empty()) : between,
                between != null,
                verdict == null
                        ? new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.DECLARED)
                        : verdict,
                serverName,
                dial.attempts(),
                clientBytes,
                serverBytes,
                by,
                error,
                detail,
                startedAt,
                connectNanos,
                System.nanoTime() - startNanos,
                worker.view().snapshot().version());
        tell(() -> worker.outcomes().ended(outcome));
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a connection", e); // the connection itself is well
        }
    }

    private ConnectionOutcome.Ends ends(Optional<Line> line) {
        return new ConnectionOutcome.Ends(
                entrance.hop(),
                entrance.reporter(),
                entrance.name(),
                clientPeer,
                line.map(Line::peer),
                line.map(Line::endpoint),
                service);
    }

    // The client, while the line is dialled.

    @Override
    public void opened(Connection connection) {}

    @Override
    public void received(Received bytes) {
        if (frames.isPresent()) {
            over(EndedBy.CLIENT, Optional.of(ErrorCode.BAD_REQUEST), "it spoke before it was told that it may", 0, 0);
            client.close();
            return;
        }
        int length = bytes.length();
        if (pendingLength + length > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(1024, Math.max(pending.length * 2, pendingLength + length)));
        }
        bytes.copy(0, length, pending, pendingLength);
        pendingLength += length;
        if (pendingLength >= PENDING_BYTES_MAX) {
            client.reading(false);
        }
    }

    @Override
    public void inputEnded() {
        clientEnded = true;
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void timedOut() {}

    @Override
    public void closed(Closure closure) {
        over(EndedBy.CLIENT, Optional.of(ErrorCode.CLIENT_CLOSED), closure.detail(), 0, 0);
    }
}
