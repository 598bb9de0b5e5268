package dev.weft.proxy.carrier;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.Output;
import dev.weft.http.h2.Session;
import dev.weft.http.h2.SessionEvents;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.Peer;
import dev.weft.proxy.message.Handshake;
import dev.weft.proxy.message.Http2;
import dev.weft.proxy.message.StreamTable;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to an endpoint: has a {@link StreamCarrier} for each request under way. While answers are awaited and
 * nothing comes, it asks for a sign of life. Owner: its loop.
 */
final class ClientSession implements ConnectionHandler, SessionEvents, Output {

    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Until the endpoint says. */
    static final int STREAMS_ALLOWED_FIRST = 100;

    private final StreamPool pool;
    private final long generation;
    private final Session session;
    private final StreamTable<StreamCarrier> streams = new StreamTable<>();
    private @Nullable Connection connection;
    private Peer peer = Peer.NOBODY;
    private int allowed = STREAMS_ALLOWED_FIRST;
    private Optional<Closure> refusal = Optional.empty();
    private boolean open;
    private boolean over;
    private boolean leaving;
    private boolean heard;
    private long nextLook;
    private long idleNanos = TimeUnit.SECONDS.toNanos(60);
    private long served;
    private byte[] inbox = new byte[0];

    ClientSession(StreamPool pool) {
        this.pool = pool;
        this.generation = pool.destination().generation();
        this.session = Session.client(Http2.client(pool.scheme(), pool.heads()), this, this);
    }

    void connect(long deadlineNanos) {
        Connection made = pool.loop().connect(pool.destination(), this, deadlineNanos);
        if (connection == null) {
            connection = made;
        }
    }

    /** Whether it is about to stand. */
    boolean isComing() {
        return !open && !over;
    }

    /** Whether it takes requests, be it not now. */
    boolean isUsable() {
        return open
                && !over
                && !leaving
                && generation == pool.destination().generation()
                && connection().isOpen();
    }

    boolean hasRoom() {
        return isUsable() && session.openStreams() < allowed;
    }

    Session session() {
        return session;
    }

    Peer peer() {
        return peer;
    }

    Connection connection() {
        Connection made = connection;
        if (made == null) {
            throw new IllegalStateException("not connected");
        }
        return made;
    }

    /** Whether it carried a request before. */
    boolean isReused() {
        return served > 1;
    }

    void began(int stream, StreamCarrier carrier, long idleConnectionNanos) {
        served++;
        idleNanos = idleConnectionNanos;
        streams.put(stream, carrier);
    }

    /** This stream is over. */
    void ended(int stream) {
        streams.remove(stream);
        if (streams.count() == 0 && !isUsable()) {
            pool.loop().execute(this::leaveIfUnused); // not while the session is at work
        }
        look(System.nanoTime());
        pool.serve();
    }

    private void leaveIfUnused() {
        leave();
        settle(true);
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        if (opened.tls().isPresent() && !opened.tls().get().protocol().equals(TlsSession.HTTP_2)) {
            refusal = Optional.of(new Closure(Closure.Kind.TLS, "the endpoint agreed to no HTTP/2"));
            opened.close();
            return;
        }
        open = true;
        peer = Handshake.peer(opened);
        long now = System.nanoTime();
        session.start(now);
        look(now);
        pool.serve();
    }

    @Override
    public void received(Received bytes) {
        heard = true;
        int length = bytes.length();
        if (inbox.length < length) {
            inbox = new byte[Math.max(length, 16 * 1024)];
        }
        bytes.copy(0, length, inbox, 0);
        settle(session.receive(inbox, 0, length, System.nanoTime()));
        pool.serve();
    }

    private void settle(boolean sound) {
        if (over) {
            return;
        }
        if (!sound) {
            over = true;
            connection().closeAfterWrites();
            giveUp(new Closure(Closure.Kind.PEER, "the HTTP/2 connection broke: " + session.problem()));
        } else if (leaving && streams.count() == 0) {
            over = true;
            connection().closeAfterWrites();
        }
    }

    private void giveUp(Closure closure) {
        for (StreamCarrier carrier : streams.all()) {
            carrier.lost(closure);
        }
    }

    /** Has {@link #timedOut} called when there is something to look at. */
    private void look(long now) {
        long next = now + (streams.count() == 0 ? idleNanos : SILENT_NANOS);
        long due = session.nextDeadline();
        nextLook = due != 0 && due - next < 0 ? due : next;
        if (open && !over) {
            connection().deadline(nextLook);
        }
    }

    @Override
    public void timedOut() {
        long now = System.nanoTime();
        boolean sound = session.timedOut(now);
        if (sound && streams.count() == 0 && session.nextDeadline() == 0) {
            leave();
            return;
        }
        if (sound && streams.count() > 0 && !heard) {
            session.ping(now);
        }
        heard = false;
        settle(sound);
        look(now);
    }

    /** Takes no more requests, and closes after those under way. */
    void leave() {
        if (!leaving && open && !over) {
            leaving = true;
            session.goAway(System.nanoTime());
            settle(true);
        }
    }

    @Override
    public void head(int stream, byte[] bytes, int from, int to, boolean end) {
        StreamCarrier carrier = streams.get(stream);
        if (carrier != null) {
            try {
                carrier.head(bytes, from, to, end);
            } catch (RuntimeException bug) {
                contain(carrier, bug);
            }
        }
    }

    @Override
    public void headTooLarge(int stream, boolean end) {
        // of a client the session resets the stream
    }

    @Override
    public void data(int stream, byte[] bytes, int from, int to, boolean end) {
        StreamCarrier carrier = streams.get(stream);
        if (carrier == null) {
            session.consumed(stream, to - from);
        } else {
            try {
                carrier.data(bytes, from, to, end);
            } catch (RuntimeException bug) {
                contain(carrier, bug);
            }
        }
    }

    @Override
    public void trailers(int stream, byte[] fieldLines, int from, int to) {
        StreamCarrier carrier = streams.get(stream);
        if (carrier != null) {
            try {
                carrier.answerTrailers(fieldLines, from, to);
            } catch (RuntimeException bug) {
                contain(carrier, bug);
            }
        }
    }

    /** A bug costs the one request, not those of others on this connection. */
    private void contain(StreamCarrier carrier, RuntimeException bug) {
        pool.loop().bug("a request to " + connection().remoteAddress(), bug);
        carrier.broken(new Closure(Closure.Kind.BUG, "a bug: " + bug));
    }

    @Override
    public void reset(int stream, ErrorType code) {
        StreamCarrier carrier = streams.get(stream);
        if (carrier != null) {
            carrier.reset(code);
        }
    }

    @Override
    public void violated(int stream, ErrorType code) {
        StreamCarrier carrier = streams.get(stream);
        if (carrier != null) {
            carrier.violated(code);
        }
    }

    @Override
    public void writable(int stream) {
        StreamCarrier carrier = streams.get(stream);
        if (carrier != null) {
            carrier.writabilityChanged();
        }
    }

    @Override
    public void goAway(int lastStream, ErrorType code) {
        leaving = true; // settled after this receive, or when the last stream ends
    }

    @Override
    public void streamsAllowed(int count) {
        allowed = count;
    }

    @Override
    public void write(byte[] bytes, int from, int to) {
        connection().write(bytes, from, to);
    }

    @Override
    public boolean writable() {
        return connection().writable();
    }

    @Override
    public void writabilityChanged() {
        if (connection().writable()) {
            streams.all().forEach(StreamCarrier::writabilityChanged);
        }
    }

    @Override
    public void closed(Closure closure) {
        over = true;
        pool.lost(this, open, refusal.orElse(closure));
        giveUp(closure);
    }
}
