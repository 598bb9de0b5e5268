package dev.weft.proxy.exchange;

import dev.weft.http.h1.RequestHead;
import dev.weft.http.h1.Target;
import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Details;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.balance.EndpointLoad;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.carrier.Carried;
import dev.weft.proxy.carrier.Carrier;
import dev.weft.proxy.carrier.ClientConnection;
import dev.weft.proxy.carrier.StreamCarrier;
import dev.weft.proxy.carrier.StreamPool;
import dev.weft.proxy.message.Grpc;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One try of one request at one endpoint: gets a carrier, sends, hands what comes back to the exchange. Lives from the choice
 * of the endpoint to the end of its answer. Owner: the exchange's loop.
 */
final class Try implements Carried {

    /** What an answer counts as that the endpoint did not finish. */
    private static final int BROKEN_OFF = 502;

    private final Exchange exchange;
    private final ServicePort servicePort;
    private final Endpoint endpoint;
    private final Destination destination;
    private final @Nullable EndpointLoad load;
    private final @Nullable Slot slot;
    private final long startNanos;

    private @Nullable Carrier carrier;
    private boolean reused;
    private boolean sent;
    private boolean over;
    private long connectNanos;
    private long firstByteNanos;
    private int status;
    private int grpcStatus = Details.NO_GRPC_STATUS;

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
        Optional<String> unmet = exchange.incoming().demand().refusal(endpoint);
        if (unmet.isPresent()) {
            exchange.giveUp(ErrorCode.IDENTITY_UNMET, unmet.get());
            return;
        }
        StreamPool pool = takesStream() ? exchange.entrance().streams(exchange.worker(), endpoint) : null;
        if (pool != null && (isOnStream() || pool.hasRoom())) {
            StreamCarrier stream = new StreamCarrier(pool, this);
            carrier = stream;
            pool.carry(stream, connectDeadlineNanos);
            return;
        }
        // What switches keeps its connection, and with it the trust in the certificates of its handshake: not an old
        // one.
        ClientConnection idle = switches() ? null : ClientConnection.pooled(destination, this);
        if (idle != null) {
            reused = true;
            carrier = idle;
            send(idle);
            return;
        }
        ClientConnection made = ClientConnection.connecting(exchange.worker().loop(), destination, this);
        carrier = made;
        made.connect(connectDeadlineNanos);
    }

    @Override
    public void opened(boolean onReusedConnection) {
        reused = onReusedConnection;
        connectNanos = System.nanoTime() - startNanos;
        Carrier open = carrier;
        if (open != null) {
            send(open);
        }
    }

    /**
     * Whether the request goes to its endpoint on a stream: between proxies if that can say what it says, and to a program if
     * it is a call of gRPC, or if the program is declared to speak HTTP/2.
     */
    private boolean takesStream() {
        if (switches()) {
            return false; // only HTTP/1.1 connections do
        }
        return endpoint.transport() == Endpoint.Transport.MESH
                ? exchange.client().multiplexed() || fitsStream(exchange.head())
                : exchange.sending().toStreamApplication() || exchange.isCall();
    }

    /**
     * HTTP/2 has neither the version of HTTP/1.0, which stays what it is, nor a request for no host; and there a call of gRPC
     * would be one.
     */
    private static boolean fitsStream(RequestHead head) {
        return head.minorVersion() > 0
                && head.target().form() != Target.Form.AUTHORITY
                && head.namesHost()
                && !Grpc.isCall(head.fields());
    }

    /** Whether only a stream will do, so that it waits for one; a request that came in HTTP/1.1 has another way. */
    private boolean isOnStream() {
        return exchange.client().multiplexed() || endpoint.transport() != Endpoint.Transport.MESH;
    }

    /** Whether the client asks for another protocol. */
    private boolean switches() {
        return !exchange.upgrade().asked().isEmpty();
    }

    private void send(Carrier open) {
        sent = true;
        exchange.sendTo(open);
    }

    @Override
    public void received(Received bytes) {
        exchange.answering().received(this, bytes);
    }

    @Override
    public void head(byte[] bytes, int from, int to, boolean last) {
        exchange.answering().head(this, bytes, from, to, last);
    }

    @Override
    public void data(byte[] bytes, int from, int to, boolean last) {
        exchange.answering().data(this, bytes, from, to, last);
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        exchange.answering().trailers(this, lines, from, to);
    }

    @Override
    public void refused() {
        sent = false;
        exchange.sending()
                .failed(this, ErrorCode.REFUSED_STREAM, "Endpoint " + endpoint + " refused the stream.", false, false);
    }

    @Override
    public void reset(ErrorType code) {
        EarlyEnd.reset(exchange, this, code);
    }

    @Override
    public void violated(ErrorType code) {
        EarlyEnd.violated(exchange, this, code);
    }

    @Override
    public void writabilityChanged() {
        exchange.client().updateReading();
    }

    @Override
    public void closed(Closure closure) {
        EarlyEnd.closed(exchange, this, closure);
    }

    /** The answer's head is here; {@code grpcCode} where a call's stands in it, else negative. */
    void answered(int answerStatus, int grpcCode, long now) {
        status = answerStatus;
        grpcStatus = grpcCode;
        firstByteNanos = now - startNanos;
        if (load != null) {
            load.measured(now, firstByteNanos, Grpc.judgedAs(grpcCode, answerStatus));
        }
        exchange.sending().admission().took(exchange.worker().number(), firstByteNanos, now);
    }

    /** A call ended with this status. */
    void grpcStatus(int code) {
        grpcStatus = code;
    }

    /** The answer is whole: the carrier may serve another request. */
    void complete(boolean reusable) {
        over = true;
        judge(status);
        giveBack();
        if (carrier != null) {
            carrier.release(reusable);
        }
    }

    /** Its connection, which is somebody else's from now on; {@link #giveBack} must follow when that one is done. */
    @Nullable
    Connection handOver() {
        over = true;
        return carrier instanceof ClientConnection own ? own.handOver() : null;
    }

    /** Ends without a whole answer, through the endpoint's fault. */
    void abort() {
        stop(true, BROKEN_OFF);
    }

    /** Ends with the answer that it has, or none, because another try follows. */
    void leave() {
        stop(true, status);
    }

    /** Ends because nobody wants the answer any more. */
    void abandon() {
        stop(false, status);
    }

    private void stop(boolean failed, int judgedAs) {
        if (over) {
            return;
        }
        over = true;
        if (status == 0) {
            noAnswer(failed);
        } else if (failed) {
            judge(judgedAs);
        }
        giveBack();
        if (carrier != null) {
            carrier.abort();
        }
    }

    private void judge(int as) {
        if (load != null) {
            long now = System.nanoTime();
            load.judged(now, now - startNanos, Grpc.judgedAs(grpcStatus, as));
        }
    }

    private void noAnswer(boolean failed) {
        long now = System.nanoTime();
        if (failed) {
            exchange.sending().admission().took(exchange.worker().number(), now - startNanos, now);
        }
        if (load != null && failed) {
            load.failed(now, now - startNanos);
        } else if (load != null) {
            load.abandoned(now, now - startNanos);
        }
    }

    void giveBack() {
        if (load != null) {
            load.end();
        }
        if (slot != null) {
            slot.release();
        }
    }

    void reading(boolean on) {
        if (carrier != null) {
            carrier.reading(on);
        }
    }

    Attempt attempt(Optional<ErrorCode> error, long now) {
        return new Attempt(
                servicePort, endpoint, status, error, startNanos, connectNanos, firstByteNanos, now - startNanos);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public long idleConnectionNanos() {
        return exchange.sending().deadlines().timeouts().idleConnection().toNanos();
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
        return carrier == null ? Peer.NOBODY : carrier.peer();
    }
}
