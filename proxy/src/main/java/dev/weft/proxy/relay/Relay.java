package dev.weft.proxy.relay;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes between two open connections until both sides have said all, one breaks, or neither says anything for too
 * long. A side that ends its output only is passed on as such (half-close); a side that cannot take more stops the reading
 * of the other, so that no more is held than what both connections' write queues take before they say "full".
 *
 * <p>Owner: the loop of both connections. Ends exactly once, by telling {@code ended}.
 */
public final class Relay {

    private final Side client;
    private final Side server;
    private final long idleNanos;
    private final Consumer<Ended> ended;
    private long lastNanos;
    private boolean over;
    private @Nullable Side firstToEnd;

    /**
     * How it ended.
     *
     * @param by who was first to end or to break it
     * @param error absent when both sides have said all
     * @param detail one clause; empty when all is well
     */
    public record Ended(EndedBy by, Optional<ErrorCode> error, String detail, long clientBytes, long serverBytes) {}

    /**
     * Begins nothing yet.
     *
     * @param clientFrames present when the client is a proxy of the mesh that speaks frames
     * @param serverFrames likewise
     * @param idle zero for no limit
     */
    public Relay(
            Connection client,
            Optional<FrameReader> clientFrames,
            Connection server,
            Optional<FrameReader> serverFrames,
            Duration idle,
            Consumer<Ended> ended) {
        this.client = new Side(this, client, clientFrames);
        this.server = new Side(this, server, serverFrames);
        this.client.other(this.server);
        this.server.other(this.client);
        this.idleNanos = idle.toNanos();
        this.ended = ended;
    }

    /**
     * Takes both connections over.
     *
     * @param first bytes that the client has sent already, up to {@code length}
     * @param clientEnded whether the client has said all with them
     */
    public void begin(byte[] first, int length, boolean clientEnded) {
        touch();
        server.begin();
        client.begin();
        if (idleNanos > 0) {
            client.connection().deadline(lastNanos + idleNanos);
        }
        client.sent(first, length);
        if (clientEnded) {
            client.inputOver();
        }
    }

    /** The server's side, for bytes of the read that is under way. */
    public Side server() {
        return server;
    }

    /** The client's side, likewise. */
    public Side client() {
        return client;
    }

    /** Breaks both sides off, for a reason of the proxy's own; a proxy on either side is told it. */
    public void cancel(ErrorCode error, String detail) {
        if (!over) {
            over = true;
            client.refuse(error, detail);
            server.refuse(error, detail);
            tell(EndedBy.PROXY, Optional.of(error), detail);
        }
    }

    /** From now on the client's first line must not be a request: none of its end is passed on if it is one. */
    public void takeNoRequest() {
        client.watch(new FirstLine());
    }

    boolean isOver() {
        return over;
    }

    void touch() {
        lastNanos = System.nanoTime();
    }

    void idle() {
        long until = lastNanos + idleNanos;
        if (until - System.nanoTime() > 0) {
            client.connection().deadline(until);
        } else {
            end(
                    Optional.empty(),
                    Optional.of(ErrorCode.STREAM_IDLE),
                    "no byte either way for " + Duration.ofNanos(idleNanos).toMillis() + " ms");
        }
    }

    void saidAll(Side side) {
        if (firstToEnd == null) {
            firstToEnd = side;
        }
        if (client.isInputOver() && server.isInputOver() && !over) {
            over = true;
            tell(by(firstToEnd), Optional.empty(), "");
        }
    }

    /** It closed without having said that this is all; TLS beyond the mesh has no other way. */
    void gone(Side side, Closure closure) {
        if (over) {
            return;
        }
        if (side.endsByClosing() && closure.kind() == Closure.Kind.PEER) {
            over = true;
            side.other().closeAfterWrites();
            tell(by(firstToEnd == null ? side : firstToEnd), Optional.empty(), "");
        } else {
            broken(side, closure.detail());
        }
    }

    void broken(Side side, String detail) {
        refused(side, ErrorCode.STREAM_BROKEN, detail);
    }

    /** The proxy on that side ends it, for this reason. */
    void refused(Side side, ErrorCode error, String detail) {
        if (!over) {
            end(Optional.of(side), Optional.of(error), detail);
        }
    }

    private void end(Optional<Side> by, Optional<ErrorCode> error, String detail) {
        if (over) {
            return;
        }
        over = true;
        client.breakOff(detail);
        server.breakOff(detail);
        tell(by.map(this::by).orElse(EndedBy.PROXY), error, detail);
    }

    private EndedBy by(Side side) {
        return side == client ? EndedBy.CLIENT : EndedBy.SERVER;
    }

    private void tell(EndedBy by, Optional<ErrorCode> error, String detail) {
        ended.accept(new Ended(by, error, detail, client.bytes(), server.bytes()));
    }
}
