package dev.weft.proxy.carrier;

import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.Loop;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.Peer;
import dev.weft.proxy.message.Handshake;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection to an endpoint: carries one {@link Carried} after the other, and waits in its destination's pool between
 * them. Owner: its loop.
 */
public final class ClientConnection implements Carrier, ConnectionHandler {

    /** Between proxies a connection is not given up for one old request. */
    private static final byte[] KEEP_ALIVE = HeadWriter.line("connection", "keep-alive");

    private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Loop loop;
    private final Destination destination;
    private final long generation;
    private @Nullable Carried user;
    private @Nullable Connection connection;
    private Peer peer = Peer.NOBODY;

    /** HTTP/1.0 went to a program, which may close without saying so. */
    private boolean once;

    private ClientConnection(Loop loop, Destination destination, Carried user) {
        this.loop = loop;
        this.destination = destination;
        this.generation = destination.generation();
        this.user = user;
    }

    /** One that waited in the pool, for this try; null when there is none. */
    public static @Nullable ClientConnection pooled(Destination destination, Carried user) {
        Connection idle = destination.take();
        if (idle == null || !(idle.attachment() instanceof ClientConnection known)) {
            return null;
        }
        known.user = user;
        idle.handler(known);
        return known;
    }

    /** One that will stand: the try hears {@link Carried#opened} or {@link Carried#closed}. */
    public static ClientConnection connecting(Loop loop, Destination destination, Carried user) {
        return new ClientConnection(loop, destination, user);
    }

    /** Begins to connect. */
    public void connect(long deadlineNanos) {
        Connection made = loop.connect(destination, this, deadlineNanos);
        if (connection == null) {
            connection = made;
        }
    }

    private Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("not open yet");
        }
        return open;
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        opened.attach(this);
        peer = Handshake.peer(opened);
        Carried waiting = user;
        if (waiting == null) {
            opened.close();
        } else {
            waiting.opened(false);
        }
    }

    @Override
    public void received(Received bytes) {
        Carried current = user;
        if (current != null) {
            current.received(bytes);
        }
    }

    @Override
    public void writabilityChanged() {
        Carried current = user;
        if (current != null) {
            current.writabilityChanged();
        }
    }

    @Override
    public void timedOut() {
        // the request's deadline is kept on the client's side
    }

    @Override
    public void closed(Closure closure) {
        Carried current = user;
        user = null;
        if (current != null) {
            current.closed(closure);
        }
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public boolean multiplexed() {
        return false;
    }

    @Override
    public void head(RequestHead head, HeadWriter edits, Following following) {
        once = edits.keepsVersion() && peer.identity().isEmpty();
        if (edits.keepsVersion() && !once) {
            edits.add(KEEP_ALIVE);
        }
        byte[] scratch = loop.scratch();
        byte[] out = edits.lengthMax(head) <= scratch.length ? scratch : new byte[edits.lengthMax(head)];
        int end = edits.write(head, out, 0);
        if (following == Following.CHUNKS) {
            connection().write(out, 0, end - 2);
            connection().write(CHUNKED, 0, CHUNKED.length);
        } else {
            connection().write(out, 0, end);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int to, boolean last) {
        connection().write(bytes, from, to);
    }

    @Override
    public void write(Received bytes, int from, int to, boolean last) {
        connection().write(bytes, from, to);
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        // behind a body of announced length HTTP/1.1 has no place for them (RFC 9110 section 6.5.1)
    }

    @Override
    public void end() {
        // the announced length says so
    }

    @Override
    public boolean writable() {
        return connection().writable();
    }

    @Override
    public void reading(boolean on) {
        Connection open = connection;
        if (open != null && open.isOpen()) {
            open.reading(on);
        }
    }

    @Override
    public void release(boolean reusable) {
        Carried last = user;
        user = null;
        if (reusable && !once && last != null) {
            destination.keep(connection(), generation, last.idleConnectionNanos());
        } else {
            connection().close();
        }
    }

    /** The connection is somebody else's from now on. */
    public Connection handOver() {
        user = null;
        return connection();
    }

    @Override
    public void abort() {
        user = null;
        if (connection != null) {
            connection.close();
        }
    }
}
