package dev.weft.proxy.exchange;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One try of one request at one endpoint: gets a connection, sends, hands what comes back to the exchange. Lives from the
 * choice of the endpoint to the end of its answer. Owner: the exchange's loop.
 */
final class Try implements ConnectionHandler {

    private static final Peer NOBODY = new Peer("", Optional.empty(), "", "");

    private final Exchange exchange;
    private final ServicePort servicePort;
    private final Endpoint endpoint;
    private final Destination destination;
    private final @Nullable EndpointLoad load;
    private final @Nullable Slot slot;
    private final long startNanos;

    private @Nullable Connection connection;
    private long generation;
    private boolean reused;
    private boolean sent;
    private boolean over;
    private long connectNanos;
    private long firstByteNanos;
    private int status;
    private Peer peer = NOBODY;

    /**
     * Begins nothing yet.
     *
     * @param load what the loop knows of the endpoint, where a balancer chose it
     * @param slot the right to use it, where a gate gave it
     */
    Try(
            Exchange exchange,
            ServicePort servicePort,
            Endpoint endpoint,
            Destination destination,
            @Nullable EndpointLoad load,
            @Nullable Slot slot,
            long startNanos) {
        this.exchange = exchange;
        this.servicePort = servicePort;
        this.endpoint = endpoint;
        this.destination = destination;
        this.load = load;
        this.slot = slot;
        this.startNanos = startNanos;
    }

    void start(long connectDeadlineNanos) {
        if (load != null) {
            load.begin();
        }
        Connection idle = destination.take();
        if (idle != null) {
            reused = true;
            idle.handler(this);
            send(idle);
            return;
        }
        Connection made = exchange.worker().loop().connect(destination, this, connectDeadlineNanos);
        if (connection == null && !over) {
            connection = made;
        }
    }

    @Override
    public void opened(Connection opened) {
        if (over) {
            opened.close();
            return;
        }
        connectNanos = System.nanoTime() - startNanos;
        send(opened);
    }

    private void send(Connection open) {
        connection = open;
        generation = destination.generation();
        peer = peer(open);
        sent = true;
        exchange.sendTo(open);
    }

    private static Peer peer(Connection open) {
        if (open.attachment() instanceof Peer known) {
            return known;
        }
        Optional<TlsSession> tls = open.tls();
        Peer peer = new Peer(
                open.remoteAddress(),
                tls.flatMap(session -> WorkloadIdentity.parse(session.peerUri())),
                tls.map(TlsSession::version).orElse(""),
                tls.map(TlsSession::cipher).orElse(""));
        open.attach(peer);
        return peer;
    }

    @Override
    public void received(Received bytes) {
        if (!over) {
            exchange.answerReceived(this, bytes);
        }
    }

    @Override
    public void writabilityChanged() {
        if (!over) {
            exchange.serverWritabilityChanged();
        }
    }

    @Override
    public void timedOut() {
        // the request's deadline is kept on the client's connection
    }

    @Override
    public void closed(Closure closure) {
        if (!over) {
            exchange.serverClosed(this, closure);
        }
    }

    /** The answer's head is here. */
    void answered(int answerStatus, long now) {
        status = answerStatus;
        firstByteNanos = now - startNanos;
        if (load != null) {
            load.answered(now, firstByteNanos);
        }
    }

    /** The answer is whole: the connection may serve the next request. */
    void complete(boolean reusable) {
        Connection used = connection;
        over = true;
        giveBack();
        if (used != null && reusable) {
            destination.keep(used, generation);
        } else if (used != null) {
            used.close();
        }
    }

    /** Ends without a whole answer. */
    void abort() {
        if (over) {
            return;
        }
        over = true;
        if (load != null && status == 0) {
            load.failed(System.nanoTime());
        }
        giveBack();
        if (connection != null) {
            connection.close();
        }
    }

    private void giveBack() {
        if (load != null) {
            load.end();
        }
        if (slot != null) {
            slot.release();
        }
    }

    void reading(boolean on) {
        Connection open = connection;
        if (open != null && open.isOpen()) {
            open.reading(on);
        }
    }

    Attempt attempt(Optional<ErrorCode> error, long now) {
        return new Attempt(
                servicePort, endpoint, status, error, startNanos, connectNanos, firstByteNanos, now - startNanos);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether a byte of the request may have reached the endpoint. */
    boolean sent() {
        return sent;
    }

    /** Whether it went out on a connection that had served a request before. */
    boolean reused() {
        return reused;
    }

    Peer peer() {
        return peer;
    }
}
