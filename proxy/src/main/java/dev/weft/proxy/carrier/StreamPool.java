package dev.weft.proxy.carrier;

import dev.weft.http.h1.Limits;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One loop's HTTP/2 connections to one endpoint. A try waits in line while the connections there are have as many streams as
 * the endpoint allows; when many wait, another connection is made. Owner: the loop.
 */
public final class StreamPool {

    private static final int CONNECTIONS_MAX = 16;

    private final Loop loop;
    private final Destination destination;
    private final String scheme;
    private final Supplier<Limits> heads;
    private final int waitingAllowed;
    private final List<ClientSession> sessions = new ArrayList<>(1);
    private final Deque<StreamCarrier> waiting = new ArrayDeque<>();
    private boolean serving;
    private long connectNanos;

    /**
     * Connects nowhere yet.
     *
     * @param scheme what the heads say
     * @param heads of answers, as of now; on the loop
     * @param waitingAllowed for streams to end, before another connection is made
     */
    public StreamPool(Loop loop, Destination destination, String scheme, Supplier<Limits> heads, int waitingAllowed) {
        this.heads = heads;
        this.waitingAllowed = waitingAllowed;
        this.loop = loop;
        this.destination = destination;
        this.scheme = scheme;
    }

    Loop loop() {
        return loop;
    }

    Destination destination() {
        return destination;
    }

    /** What answers' heads may cost, for connections from now on. */
    Limits heads() {
        return heads.get();
    }

    String scheme() {
        return scheme;
    }

    /** Whether {@link #carry} gives a stream at once, or with a connection that comes or is made. */
    public boolean hasRoom() {
        return (waiting.isEmpty() && free() != null)
                || sessions.size() < CONNECTIONS_MAX
                || waiting.size() < streamsComing();
    }

    /** Of connections that do not stand yet, as many as such mostly have. */
    private int streamsComing() {
        return (int) sessions.stream().filter(ClientSession::isComing).count() * ClientSession.STREAMS_ALLOWED_FIRST;
    }

    /** Gives the carrier a stream, now or when there is one. */
    public void carry(StreamCarrier carrier, long connectDeadlineNanos) {
        ClientSession free = waiting.isEmpty() ? free() : null;
        if (free != null) {
            carrier.begin(free);
            return;
        }
        waiting.addLast(carrier);
        connectNanos = connectDeadlineNanos - System.nanoTime();
        int coming = streamsComing();
        boolean usable = sessions.stream().anyMatch(ClientSession::isUsable);
        boolean crowded = waiting.size() > waitingAllowed + coming && sessions.size() < CONNECTIONS_MAX;
        if (crowded || (coming == 0 && !usable)) {
            connect(connectDeadlineNanos);
        }
    }

    private void connect(long deadlineNanos) {
        ClientSession made = new ClientSession(this);
        sessions.add(made);
        made.connect(deadlineNanos);
    }

    private @Nullable ClientSession free() {
        for (ClientSession session : sessions) {
            if (session.hasRoom()) {
                return session;
            }
        }
        return null;
    }

    /** Something may have become free. */
    void serve() {
        if (serving) {
            return;
        }
        serving = true;
        ClientSession free = waiting.isEmpty() ? null : free();
        while (free != null) {
            waiting.removeFirst().begin(free);
            free = waiting.isEmpty() ? null : free();
        }
        serving = false;
        if (!waiting.isEmpty() && !isHopeful()) {
            connect(System.nanoTime() + connectNanos);
        }
    }

    private boolean isHopeful() {
        return sessions.stream().anyMatch(session -> session.isUsable() || session.isComing());
    }

    void forget(StreamCarrier carrier) {
        waiting.remove(carrier);
    }

    /** A connection is gone, or never came to be. */
    void lost(ClientSession session, boolean stood, Closure closure) {
        sessions.remove(session);
        if (stood || isHopeful()) {
            serve();
        }
        if (!stood && (waitingAllowed == 0 || !isHopeful())) {
            List<StreamCarrier> left = new ArrayList<>();
            while (waiting.size() > streamsComing()) {
                left.add(waiting.removeLast());
            }
            left.forEach(carrier -> carrier.closed(closure));
        }
    }

    /** Lets requests end; new ones get a new connection. */
    public void leave() {
        List.copyOf(sessions).forEach(ClientSession::leave);
    }
}
