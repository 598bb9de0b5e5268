package dev.weft.proxy.relay;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Passes bytes between a stream of a client's HTTP/2 connection (RFC 8441) and a connection to a server, as {@link Relay} does
 * between two connections. Owner: the loop of both. Ends exactly once, by telling {@code ended}.
 */
public final class StreamRelay implements ConnectionHandler, FrameReader.Sink {

    private final Stream client;
    private final Connection server;
    private final Optional<FrameReader> frames;
    private final long idleNanos;
    private final Consumer<Relay.Ended> ended;
    private long clientBytes;
    private long serverBytes;
    private long lastNanos;
    private boolean clientEnded;
    private boolean serverEnded;
    private boolean serverEndedFirst;
    private boolean over;

    /** The client's side. */
    public interface Stream {

        /** What comes is this relay's from now on, and what came before the switch at once. */
        void handOver(StreamRelay relay);

        void write(Received bytes, int from, int to, boolean last);

        /** Whether the client takes more; while not, the server is not read. */
        boolean writable();

        /** The server has said all. */
        void end();

        /** The server takes more of what the client says, or not. */
        void updateReading();

        /** Both sides have said all. */
        void done();

        /** Nothing more can be passed on. */
        void cutOff(ErrorType code);
    }

    /**
     * Begins nothing yet.
     *
     * @param frames present when the server is a proxy of the mesh that speaks frames
     * @param idle zero for no limit
     */
    public StreamRelay(
            Stream client,
            Connection server,
            Optional<FrameReader> frames,
            Duration idle,
            Consumer<Relay.Ended> ended) {
        this.client = client;
        this.server = server;
        this.frames = frames;
        this.idleNanos = idle.toNanos();
        this.ended = ended;
    }

    /** Takes both over; {@code rest} is what the server has said already. */
    public void begin(byte[] rest) {
        touch();
        frames.ifPresent(reader -> reader.sink(this));
        server.handler(this);
        server.deadline(idleNanos > 0 ? lastNanos + idleNanos : 0);
        server.allowHalfClose(frames.isEmpty());
        server.reading(true);
        client.handOver(this);
        server.replay(rest, rest.length);
    }

    private void touch() {
        lastNanos = System.nanoTime();
    }

    // What the client does.

    public void data(byte[] bytes, int from, int to, boolean last) {
        if (over || clientEnded) {
            return;
        }
        touch();
        clientBytes += to - from;
        if (frames.isPresent()) {
            Frames.data(server, bytes, from, to);
        } else {
            server.write(bytes, from, to);
        }
        if (last) {
            clientSaidAll();
        }
    }

    private void clientSaidAll() {
        clientEnded = true;
        saidAll(); // first, because a connection of which both ways are over closes at once
        if (frames.isPresent()) {
            Frames.ended(server);
        } else {
            server.endOutput();
        }
        finishIfOver();
    }

    /** Whether the client may say more. */
    public boolean takesMore() {
        return over || server.writable();
    }

    /** The client takes more again. */
    public void clientWritable() {
        if (!over) {
            server.reading(client.writable());
        }
    }

    /** The client reset the stream, or its connection is gone. */
    public void clientGone(String detail) {
        if (!over) {
            over = true;
            breakServerOff(detail);
            tell(EndedBy.CLIENT, Optional.of(ErrorCode.STREAM_BROKEN), detail);
        }
    }

    // What the server does.

    @Override
    public void opened(Connection opened) {}

    @Override
    public void received(Received received) {
        touch();
        if (frames.isEmpty()) {
            data(received, 0, received.length());
        } else if (!frames.get().read(received)) {
            broken("its frames are malformed");
        }
    }

    @Override
    public void data(Received received, int from, int to) {
        if (over || serverEnded) {
            return;
        }
        serverBytes += to - from;
        client.write(received, from, to, false);
        if (!client.writable()) {
            server.reading(false);
        }
    }

    @Override
    public void inputEnded() {
        ended();
    }

    @Override
    public void ended() {
        if (over || serverEnded) {
            return;
        }
        serverEnded = true;
        serverEndedFirst = !clientEnded;
        touch();
        client.end();
        saidAll();
        finishIfOver();
    }

    @Override
    public void writabilityChanged() {
        client.updateReading();
    }

    @Override
    public void timedOut() {
        long until = lastNanos + idleNanos;
        if (over) {
            return;
        }
        if (until - System.nanoTime() > 0) {
            server.deadline(until);
        } else {
            String detail =
                    "no byte either way for " + Duration.ofNanos(idleNanos).toMillis() + " ms";
            end(EndedBy.PROXY, ErrorCode.STREAM_IDLE, detail);
        }
    }

    @Override
    public void closed(Closure closure) {
        if (over) {
            return;
        }
        boolean said = frames.isEmpty() && server.tls().isPresent() && closure.kind() == Closure.Kind.PEER;
        if (said) {
            ended(); // TLS beyond the mesh has no other way to say that this is all
        }
        if (said && !over) {
            over = true;
            client.done();
            tell(EndedBy.SERVER, Optional.empty(), "");
        } else {
            broken(closure.detail());
        }
    }

    @Override
    public void broken(String detail) {
        end(EndedBy.SERVER, ErrorCode.STREAM_BROKEN, detail);
    }

    @Override
    public void named(String text) {
        broken("it named the stream twice");
    }

    @Override
    public void opened() {
        broken("it opened the stream twice");
    }

    @Override
    public void refused(String code, String detail) {
        broken("it refused a stream that it had opened");
    }

    // How it ends.

    private void saidAll() {
        if (clientEnded && serverEnded && !over) {
            over = true;
            tell(serverEndedFirst ? EndedBy.SERVER : EndedBy.CLIENT, Optional.empty(), "");
        }
    }

    private void finishIfOver() {
        if (over) {
            server.deadline(0);
            if (frames.isPresent() || server.tls().isPresent()) {
                server.closeAfterWrites();
            }
            client.done();
        }
    }

    /** Breaks both sides off, for a reason of the proxy's own. */
    public void cancel(ErrorCode error, String detail) {
        end(EndedBy.PROXY, error, detail);
    }

    private void end(EndedBy by, ErrorCode error, String detail) {
        if (over) {
            return;
        }
        over = true;
        breakServerOff(detail);
        client.cutOff(ErrorType.CANCEL);
        tell(by, Optional.of(error), detail);
    }

    private void breakServerOff(String detail) {
        if (frames.isPresent()) {
            Frames.broken(server, detail);
            server.closeAfterWrites();
        } else {
            server.reset();
        }
    }

    private void tell(EndedBy by, Optional<ErrorCode> error, String detail) {
        ended.accept(new Relay.Ended(by, error, detail, clientBytes, serverBytes));
    }
}
