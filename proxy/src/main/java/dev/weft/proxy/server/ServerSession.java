package dev.weft.proxy.server;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.Output;
import dev.weft.http.h2.Session;
import dev.weft.http.h2.SessionEvents;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.proxy.exchange.Caller;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.message.Accepted;
import dev.weft.proxy.message.Http2;
import dev.weft.proxy.message.StreamTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection that speaks HTTP/2: has a {@link ServerStream} for each request under way. Owner: its loop.
 *
 * <p>The connection has one deadline, the nearest of the session's, the streams' and the idle time's; one that was moved back
 * meanwhile is found out when it comes.
 */
final class ServerSession implements ConnectionHandler, SessionEvents, Output, Accepted {

    private static final Closure ENDED = new Closure(Closure.Kind.PEER, "its HTTP/2 connection ended");
    private static final Closure RESET = new Closure(Closure.Kind.PEER, "it reset the stream");
    /** How long the rest of a request may come after its answer: many clients take a reset for a failure. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Worker worker;
    private final Caller caller;
    private final Connection connection;
    private final Session session;
    private final StreamTable<ServerStream> streams = new StreamTable<>();

    /** Answered before their requests were whole; the first is the first due. */
    private final Deque<Lingering> lingering = new ArrayDeque<>();

    private long idleDeadline;
    private long nearest;
    private int owed;
    private long owedUntil;
    private boolean leaving;
    private int requests;

    private record Lingering(int stream, long untilNanos) {}

    ServerSession(Worker worker, Caller caller, Connection connection) {
        this.worker = worker;
        this.caller = caller;
        this.connection = connection;
        this.session = Session.server(
                Http2.server(
                        caller.entrance().hop(),
                        caller.http2(),
                        caller.messages().queuedBytesMax(),
                        worker.view().heads()),
                this,
                this);
    }

    /** Takes the connection over, with what came in already. */
    void start(byte[] first, int length) {
        caller.entrance().remember(worker, this);
        connection.handler(this);
        long now = System.nanoTime();
        session.start(now);
        idle(now);
        received(first, length);
    }

    @Override
    public void opened(Connection opened) {
        throw new IllegalStateException("opened before");
    }

    @Override
    public void received(Received bytes) {
        int length = bytes.length();
        byte[] inbox = worker.inbox(length);
        bytes.copy(0, length, inbox, 0);
        received(inbox, length);
    }

    private void received(byte[] bytes, int length) {
        long now = System.nanoTime();
        boolean sound = session.receive(bytes, 0, length, now);
        int before = owed;
        owed = session.owed();
        if (owed != 0 && owed != before) {
            owedUntil = now + caller.patience().head().toNanos();
            watch(owedUntil);
        }
        settle(sound);
    }

    /** The rest of a head, or of another frame, is late. */
    private void late() {
        long limit = caller.patience().head().toMillis();
        String detail = "a header block or frame was not whole " + limit + " ms after its beginning";
        Entrance entrance = caller.entrance();
        worker.outcomes()
                .refused(new RefusedConnection(
                        entrance.hop(),
                        entrance.reporter(),
                        entrance.name(),
                        caller.peer(),
                        ErrorCode.REQUEST_TIMEOUT,
                        detail));
        session.fail(ErrorType.ENHANCE_YOUR_CALM, detail);
    }

    /** After whatever may have changed the session. */
    private void settle(boolean sound) {
        if (!sound || session.done()) {
            connection.closeAfterWrites();
            giveUp(ENDED);
            return;
        }
        watch(session.nextDeadline());
    }

    private void giveUp(Closure closure) {
        for (ServerStream stream : streams.all()) {
            streams.remove(stream.number());
            stream.gone(closure);
        }
    }

    @Override
    public void head(int stream, byte[] bytes, int from, int to, boolean end) {
        idleDeadline = 0;
        count();
        ServerStream opened = new ServerStream(this, stream);
        streams.put(stream, opened);
        try {
            opened.begin(bytes, from, to, end);
        } catch (RuntimeException bug) {
            contain(opened, bug);
        }
    }

    /** One more request; those that are sent until the client knows that it was the last are answered too. */
    private void count() {
        if (++requests == caller.messages().requestsMax()) {
            worker.loop().execute(this::leave); // not while the session is at work
        }
    }

    @Override
    public void headTooLarge(int stream, boolean end) {
        idleDeadline = 0;
        count();
        ServerStream opened = new ServerStream(this, stream);
        streams.put(stream, opened);
        opened.refuse(end);
    }

    @Override
    public void data(int stream, byte[] bytes, int from, int to, boolean end) {
        ServerStream found = streams.get(stream);
        if (found == null) {
            session.consumed(stream, to - from); // its answer was complete before
        } else {
            try {
                found.data(bytes, from, to, end);
            } catch (RuntimeException bug) {
                contain(found, bug);
            }
        }
    }

    @Override
    public void trailers(int stream, byte[] fieldLines, int from, int to) {
        ServerStream found = streams.get(stream);
        if (found != null) {
            try {
                found.requestTrailers(fieldLines, from, to);
            } catch (RuntimeException bug) {
                contain(found, bug);
            }
        }
    }

    /** A bug costs the one request, not those of others on this connection. */
    private void contain(ServerStream stream, RuntimeException bug) {
        worker.loop().bug("a request of " + connection.remoteAddress(), bug);
        stream.broken("a bug: " + bug);
    }

    @Override
    public void reset(int stream, ErrorType code) {
        ServerStream found = streams.get(stream);
        if (found != null) {
            ended(found);
            found.gone(RESET);
        }
    }

    @Override
    public void writable(int stream) {
        ServerStream found = streams.get(stream);
        if (found != null) {
            found.writabilityChanged();
        }
    }

    @Override
    public void goAway(int lastStream, ErrorType code) {
        // the client opens no more streams; it closes the connection when it has its answers
    }

    @Override
    public void streamsAllowed(int count) {
        // a server opens none
    }

    @Override
    public void write(byte[] bytes, int from, int to) {
        connection.write(bytes, from, to);
    }

    @Override
    public boolean writable() {
        return connection.writable();
    }

    @Override
    public void writabilityChanged() {
        if (connection.writable()) {
            streams.all().forEach(ServerStream::writabilityChanged);
        }
    }

    Worker worker() {
        return worker;
    }

    Caller caller() {
        return caller;
    }

    Session session() {
        return session;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** This stream's request is over. */
    void ended(ServerStream stream) {
        streams.remove(stream.number());
        if (streams.count() == 0) {
            idle(System.nanoTime());
        }
        if (leaving) {
            worker.loop().execute(() -> settle(true)); // not while the session is at work
        }
    }

    /** It was answered, and its request is not whole: what comes for a while is passed over, then it is reset. */
    void linger(int stream) {
        session.unwanted(stream);
        linger(stream, System.nanoTime());
    }

    private void linger(int stream, long now) {
        lingering.addLast(new Lingering(stream, now + LINGER_NANOS));
        watch(now + LINGER_NANOS);
    }

    private void endLingering(long now) {
        while (!lingering.isEmpty() && lingering.getFirst().untilNanos() - now <= 0) {
            Lingering due = lingering.removeFirst();
            if (!session.finish(due.stream())) {
                linger(due.stream(), now); // the client takes its answer slowly
            }
        }
        if (!lingering.isEmpty()) {
            watch(lingering.getFirst().untilNanos());
        }
    }

    private void idle(long now) {
        idleDeadline = now + caller.patience().idle().toNanos();
        watch(idleDeadline);
    }

    /** Makes sure that {@link #timedOut} is called at this time; 0 for never. */
    void watch(long deadline) {
        if (deadline != 0 && (nearest == 0 || deadline - nearest < 0)) {
            nearest = deadline;
            connection.deadline(deadline);
        }
    }

    @Override
    public void timedOut() {
        long now = System.nanoTime();
        nearest = 0;
        for (ServerStream stream : streams.all()) {
            if (stream.deadline() != 0 && stream.deadline() - now <= 0) {
                stream.timedOut();
            }
        }
        for (ServerStream stream : streams.all()) {
            watch(stream.deadline());
        }
        endLingering(now);
        if (owed != 0 && owedUntil - now <= 0) {
            late();
        } else if (owed != 0) {
            watch(owedUntil);
        }
        boolean idle = streams.count() == 0 && idleDeadline != 0;
        if (idle && idleDeadline - now <= 0) {
            leave();
        } else if (idle) {
            watch(idleDeadline);
        }
        settle(session.timedOut(now));
    }

    @Override
    public boolean expired(long nowMillis) {
        return connection.expired(nowMillis) || caller.outdated(worker.view().hostPolicies());
    }

    @Override
    public Optional<TlsSession> tls() {
        return connection.tls();
    }

    @Override
    public void distrust(String reason) {
        streams.all().forEach(stream -> stream.distrust(reason));
        settle(true);
    }

    @Override
    public void leave() {
        leaving = true;
        idleDeadline = 0;
        session.goAway(System.nanoTime());
        settle(true);
    }

    @Override
    public void closed(Closure closure) {
        caller.entrance().forget(worker, this);
        giveUp(closure);
    }
}
