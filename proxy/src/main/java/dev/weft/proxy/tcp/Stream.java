package dev.weft.proxy.tcp;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.message.Counting;
import dev.weft.proxy.relay.FrameReader;
import dev.weft.proxy.relay.OpenStream;
import dev.weft.proxy.relay.Relay;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is passed on as bytes: dials an endpoint, keeps what the client says meanwhile, relays, and says what
 * happened. May dial before it is known whether the connection will be passed on at all. Owner: the client connection's
 * loop. Ends exactly once, by {@link #over}, or by {@link #abandon} when it never was one.
 */
final class Stream implements ConnectionHandler, FrameReader.Sink, Dial.Owner, OpenStream {

    private static final long KEY_SPREAD = 0x9E3779B97F4A7C15L;
    private static final int PENDING_BYTES_MAX = 64 * 1024;

    /** For a proxy of the mesh to say which stream it brings. */
    private static final long INTRODUCTION_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Connection client;
    private final Manner manner;
    private final Optional<FrameReader> frames;
    private final Way way;
    private final Worker worker;
    private final Dial dial;
    private final StreamRecord record;

    private @Nullable Early early;
    private boolean begun;
    private boolean introduced;
    private byte[] pending = {};
    private int pendingLength;
    private boolean clientEnded;
    private @Nullable Relay relay;
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
        this.client = client;
        this.manner = manner;
        this.frames = frames;
        this.way = way;
        this.record = new StreamRecord(worker, entrance, Line.peer(client), way, service);
        this.dial = new Dial(worker, entrance, way, key(record.client()), this);
    }

    /** By the address alone: the port differs with each connection. */
    private static long key(Peer client) {
        String address = client.address();
        return address.substring(0, Math.max(0, address.lastIndexOf(':'))).hashCode() * KEY_SPREAD;
    }

    /** Which stream it is, where that is known before it begins. */
    Stream introduced(Introduction by) {
        record.introduced(by);
        return this;
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
        begun = true;
        Counting.accepted(
                worker.outcomes(),
                client,
                dial.entrance().hop(),
                dial.entrance().reporter());
        record.began(found, name);
        pending = Arrays.copyOf(first, length);
        pendingLength = length;
        clientEnded = ended;
        client.handler(this);
        client.deadline(0);
        client.allowHalfClose(true);
        if (frames.isPresent()) {
            frames.get().sink(this);
            client.deadline(System.nanoTime() + INTRODUCTION_NANOS);
        } else if (early == null) {
            dial.start();
        } else if (dial.isStanding()) {
            flow();
        }
    }

    @Override
    public Introduction introduction() {
        return record.introduction();
    }

    @Override
    public void stands() {
        if (begun) {
            flow();
        }
    }

    private void flow() {
        Line line = dial.line();
        Relay started = new Relay(client, frames, line.connection(), line.frames(), idle(), this::over);
        relay = started;
        if (way instanceof Way.Direct direct && !direct.takesRequests()) {
            started.takeNoRequest();
        }
        line.take();
        worker.remember(this);
        record.established(line);
        manner.accept(client);
        byte[] first = pending;
        pending = new byte[0];
        started.begin(first, pendingLength, clientEnded);
    }

    private Duration idle() {
        return switch (way) {
            case Way.Balanced balanced -> balanced.idle();
            case Way.Direct direct -> direct.idle();
            case Way.Address _ -> EndpointGroup.STREAM_IDLE;
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
    public void serverEnded() {
        Early listener = early;
        if (relay == null && listener != null && !over) {
            listener.lineLost(true);
        }
        Relay running = relay;
        if (running != null) {
            running.server().ended();
        }
    }

    @Override
    public void lost(Closure closure) {
        if (over) {
            return;
        }
        Early listener = early;
        if (!begun && listener != null) {
            listener.lineLost(true);
            breakOff(closure.detail());
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
        if (!begun && listener != null) {
            listener.lineLost(false);
        } else {
            refuse(error, detail);
        }
    }

    private void breakOff(String detail) {
        if (begun && !over) {
            over(new Relay.Ended(EndedBy.SERVER, Optional.of(ErrorCode.STREAM_BROKEN), detail, 0, 0));
            client.reset();
        }
    }

    private void refuse(ErrorCode error, String detail) {
        if (!over) {
            over(new Relay.Ended(EndedBy.PROXY, Optional.of(error), detail, 0, 0));
            manner.refuse(client, error, detail);
        }
    }

    @Override
    public List<Connection> ends() {
        return List.of(client, dial.line().connection());
    }

    @Override
    public String denied() {
        return way instanceof Way.Direct direct ? Ways.denied(worker, direct, record.client()) : "";
    }

    @Override
    public void cancel(ErrorCode error, String detail) {
        Relay running = relay;
        if (running != null) {
            running.cancel(error, detail);
        }
    }

    private void over(Relay.Ended how) {
        if (!over) {
            over = true;
            worker.forget(this);
            dial.end();
            record.over(dial, how);
        }
    }

    // The client, while the line is dialled.

    @Override
    public void opened(Connection connection) {}

    @Override
    public void received(Received bytes) {
        if (over) {
            return;
        }
        if (frames.isPresent()) {
            if (!frames.get().read(bytes)) {
                malformed("its frames are malformed");
            }
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

    /** The other proxy says nothing else before it is told that the stream stands. */
    @Override
    public void named(String text) {
        Optional<Introduction> read = Introduction.read(text, worker);
        if (introduced || over || read.isEmpty()) {
            malformed("it named the stream badly");
            return;
        }
        introduced = true;
        record.introduced(read.get());
        client.deadline(0);
        client.reading(false);
        dial.start();
    }

    @Override
    public void data(Received bytes, int from, int to) {
        malformed("it spoke before it was told that it may");
    }

    @Override
    public void opened() {
        malformed("it opened a stream that it is the client of");
    }

    @Override
    public void refused(String code, String detail) {
        malformed("it refused a stream that it is the client of");
    }

    private void malformed(String what) {
        over(new Relay.Ended(EndedBy.CLIENT, Optional.of(ErrorCode.BAD_REQUEST), what, 0, 0));
        client.close();
    }

    @Override
    public void ended() {
        gone("it ended the stream before it stood");
    }

    @Override
    public void broken(String detail) {
        gone(detail);
    }

    @Override
    public void inputEnded() {
        clientEnded = true;
        if (frames.isPresent()) {
            gone("it closed before the stream stood");
        }
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void timedOut() {
        if (frames.isPresent() && !introduced) {
            malformed("it did not say which stream it brings");
        }
    }

    @Override
    public void closed(Closure closure) {
        gone(closure.detail());
    }

    private void gone(String detail) {
        over(new Relay.Ended(EndedBy.CLIENT, Optional.of(ErrorCode.CLIENT_CLOSED), detail, 0, 0));
        client.close();
    }
}
