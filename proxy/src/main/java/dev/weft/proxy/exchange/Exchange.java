package dev.weft.proxy.exchange;

import dev.weft.http.h1.Framing;
import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.Limits;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.Trace;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.message.BodyRelay;
import dev.weft.proxy.message.Grpc;
import dev.weft.proxy.message.HeadBytes;
import dev.weft.proxy.message.OwnAnswer;
import dev.weft.proxy.message.RequestView;
import dev.weft.proxy.message.Watching;
import dev.weft.proxy.route.HeadEdits;
import dev.weft.proxy.route.HeadView;
import dev.weft.proxy.route.RewrittenHead;
import dev.weft.proxy.route.Routing;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Owner: the client connection's loop; used again for other requests, so whatever comes back
 * from outside the loop compares the {@link #epoch} first.
 *
 * <p>In order: the head is read, the {@link Stations} of the entrance look at it, {@link Sending} finds an endpoint and
 * tries it, {@link Answering} passes its answer on, and {@link RequestRecord} says what happened. Ends exactly once, by {@link
 * #end}.
 */
public final class Exchange {

    private final Worker worker;
    private final RequestHead head = new RequestHead(Limits.DEFAULT);
    private final RequestView original = new RequestView(head);
    private HeadView view = original;
    private final HeadWriter toServer = new HeadWriter();
    private final RequestBody body = new RequestBody();
    private final Sending sending;
    private final Answering answering;
    private final RequestRecord record;
    private final Upgrade upgrade;
    private final HeadBytes bytes = new HeadBytes();

    private @Nullable Client client;
    private View snapshotView = View.empty();
    private Watching watching = Watching.NOTHING;
    private int epoch;
    private boolean hasHead;
    private boolean ended;

    Exchange(Worker worker) {
        this.worker = worker;
        this.record = new RequestRecord(this);
        this.upgrade = new Upgrade(this);
        this.sending = new Sending(this);
        this.answering = new Answering(this);
    }

    void begin(Client from) {
        client = from;
        bytes.begin();
        hasHead = false;
        ended = false;
        head.reset(0);
    }

    /** Whether these are the first bytes of the request. */
    boolean append(Received received) {
        bytes.append(received);
        return bytes.length() == received.length();
    }

    void append(byte[] array, int from, int to) {
        bytes.append(array, from, to);
    }

    /** All that was appended. */
    HeadBytes bytes() {
        return bytes;
    }

    int parse() {
        return head.parse(bytes.array(), bytes.length());
    }

    /**
     * The head is whole, or refused: sets out.
     *
     * @return how many of the appended bytes were not for this request
     */
    int proceed() {
        begin();
        if (head.end() == 0) {
            body.begin(Framing.UNTIL_CLOSE, 0); // whatever follows cannot be told from the head
            refuseHead();
            return 0;
        }
        body.begin(head.framing(), head.contentLength());
        int consumed = body.relay().relay(bytes.array(), head.end(), bytes.length(), body);
        if (consumed == BodyRelay.REFUSED) {
            refuse(ErrorCode.BAD_REQUEST, body.relay().problem());
            return 0;
        }
        int unread = bytes.length() - consumed;
        send();
        return unread;
    }

    /** The head came whole on a stream: sets out; {@code last} when no body follows. */
    void proceedStream(boolean last) {
        begin();
        if (head.end() == 0) {
            body.beginData(last, -1);
            refuseHead();
            return;
        }
        body.beginData(last, head.fields().contentLength());
        send();
    }

    /** A copy of a request: where it goes has been decided. */
    void proceedCopy(Routing.Forward to) {
        begin();
        body.begin(head.framing(), head.contentLength());
        body.relay().relay(bytes.array(), head.end(), bytes.length(), body);
        sending.route(to);
        sending.send();
    }

    /** A head that was too large to be read. */
    void refuseUnread(boolean last) {
        begin();
        body.beginData(last, -1);
        refuse(ErrorCode.HEAD_TOO_LARGE, "The head is larger than allowed.");
    }

    private void begin() {
        hasHead = true;
        snapshotView = worker.view();
        watching = worker.watching();
        view = original;
        toServer.reset();
        sending.begin();
        answering.forRequest();
        record.begin();
        upgrade.begin();
        client().deadline(0);
    }

    private void refuseHead() {
        refuse(
                RequestRecord.errorOf(head.problem()),
                head.problem().status(),
                head.problem().sentence());
    }

    private void send() {
        if (client().caller().entrance().stations().pass(this) && upgrade.pass()) {
            sending.send();
        }
    }

    /** The offset after the request's last byte, or {@link BodyRelay#REFUSED}. */
    int bodyReceived(Received received) {
        return checked(body.relay().relay(received, 0, worker.loop().scratch(), body));
    }

    int bodyReceived(byte[] array, int from, int to) {
        return checked(body.relay().relay(array, from, to, body));
    }

    /** Bytes of a stream's body were taken. */
    void bodyPassed() {
        sending.passed();
    }

    private int checked(int consumed) {
        if (consumed != BodyRelay.REFUSED) {
            sending.passed();
            return consumed;
        }
        giveUp(ErrorCode.BAD_REQUEST, body.relay().problem());
        return BodyRelay.REFUSED;
    }

    /** Answers with an error in place of an endpoint; always false. */
    public boolean refuse(ErrorCode error, String detail) {
        return refuse(error, error.status(), detail);
    }

    /** Answers with an error that will pass in so many seconds; always false. */
    public boolean refuse(ErrorCode error, String detail, long retryAfterSeconds) {
        return refuse(error, error.status(), detail, retryAfterSeconds);
    }

    boolean refuse(ErrorCode error, int status, String detail) {
        return refuse(error, status, detail, status == 503 ? OwnAnswer.BUSY_SECONDS : 0);
    }

    private boolean refuse(ErrorCode error, int status, String detail, long retryAfterSeconds) {
        record.failed(error, detail);
        if (isCall()) {
            record.grpcStatus(error.grpcStatus());
            return answer(200, Grpc.error(error, detail, record.requestId()));
        }
        return answer(
                status,
                OwnAnswer.error(
                        error, status, detail, retryAfterSeconds, record.requestId(), !bodiless(), connection()));
    }

    /** Answers with a redirect; always false. */
    public boolean redirect(int status, String location) {
        return answer(status, List.of(new HeadEdits.Line("location", location)), new byte[0]);
    }

    /** Answers with this; always false. */
    public boolean answer(int status, List<HeadEdits.Line> fields, byte[] content) {
        return answer(status, OwnAnswer.of(status, fields, content, record.requestId(), !bodiless(), connection()));
    }

    private boolean bodiless() {
        return head.end() > 0 && head.isHead();
    }

    /** What the answer has to say of the client's connection. */
    private String connection() {
        if (client().multiplexed()) {
            return "";
        }
        return !mayBeUsedAgain() ? "close" : head.minorVersion() == 0 ? "keep-alive" : "";
    }

    private boolean answer(int status, OwnAnswer answer) {
        byte[] content = answer.content();
        record.answered(status, System.nanoTime());
        client().head(answer.head(), 0, answer.head().length, content.length == 0);
        if (content.length > 0) {
            client().write(content, 0, content.length, true);
        }
        record.answerBytes(answer.head().length + content.length);
        end(mayBeUsedAgain());
        return false;
    }

    /** Whether the client's connection can take another request after this one. */
    boolean mayBeUsedAgain() {
        return head.end() > 0 && head.keepsAlive() && body.complete() && !client().isLeaving();
    }

    /** Ends it; the answer has been written whole. */
    void end(boolean again) {
        Client from = client();
        finish();
        from.exchangeEnded(again);
    }

    /** Ends it; the client can see that the answer is not whole. */
    void cutOff() {
        Client from = client();
        finish();
        from.cutOff();
    }

    private void finish() {
        if (ended) {
            throw new IllegalStateException("a request ended twice");
        }
        ended = true;
        Mirroring.copy(this);
        record.end();
        release();
    }

    /** Forgets a request whose head never came whole. */
    void abandon() {
        release();
    }

    private void release() {
        epoch++;
        sending.end();
        body.forget();
        bytes.forget();
        worker.release(this);
    }

    /**
     * The endpoint agreed to another protocol, and the client was told: the request is over, and both connections pass on
     * what comes.
     *
     * @param rest what the endpoint said after its head
     */
    void switchOver(Try from, byte[] rest) {
        Connection server = from.handOver();
        if (!(client() instanceof ServerConnection plain) || server == null) {
            throw new IllegalStateException("only HTTP/1.1 connections switch");
        }
        sending.handedOver(from);
        Optional<ServicePort> service = routed().map(Routing.Forward::servicePort);
        Upgraded upgraded = new Upgraded(worker, plain.caller(), from, service);
        ServerConnection.Handed handed = plain.handOver();
        finish();
        upgraded.begin(handed.connection(), handed.rest(), server, rest);
    }

    /**
     * Hands the client's connection, with what it said after this request, to somebody else as soon as this call is over; the
     * request itself ends without an outcome. Always false.
     */
    public boolean handOver(BiConsumer<Connection, byte[]> next) {
        if (!(client() instanceof ServerConnection plain)) {
            return refuse(ErrorCode.PROTOCOL_UNSUPPORTED, "Tunnels begin on HTTP/1.1 alone.");
        }
        int asked = epoch;
        worker.loop().execute(() -> {
            if (asked == epoch) {
                ServerConnection.Handed handed = plain.handOver();
                release();
                next.accept(handed.connection(), handed.rest());
            }
        });
        return false;
    }

    void clientGone() {
        sending.abort(ErrorCode.CLIENT_CLOSED);
        record.failed(ErrorCode.CLIENT_CLOSED, "the client closed the connection");
        finish();
    }

    /** Ends with this error, by an answer while there is none yet. */
    void giveUp(ErrorCode error, String detail) {
        sending.abort(error);
        if (answering.started()) {
            record.failed(error, detail);
            cutOff();
        } else {
            refuse(error, detail);
        }
    }

    void sendTo(Carrier carrier) {
        carrier.head(this);
        body.sendTo(carrier);
        sending.passed();
        client().updateReading();
    }

    /** Whether it is a call of gRPC. */
    boolean isCall() {
        return client().multiplexed() && head.end() > 0 && Grpc.isCall(head.fields());
    }

    // What stations see and change.

    public HeadView view() {
        return view;
    }

    /** From now on the request has this path, for whoever looks and for the endpoint. */
    public void path(String path) {
        view = RewrittenHead.of(view, path);
        toServer.target(path + head.target().query());
    }

    /** The head itself: fields to leave out, and what it says of the connection. */
    public RequestHead head() {
        return head;
    }

    /** What is different in the head that the endpoint gets. */
    public HeadWriter toServer() {
        return toServer;
    }

    public Worker worker() {
        return worker;
    }

    public Entrance entrance() {
        return client().caller().entrance();
    }

    /** The client, as its handshake showed it. */
    public Peer clientPeer() {
        return client().caller().peer();
    }

    /** The header lines {@code x-forwarded-for} and {@code x-forwarded-proto} that say where the client is. */
    public byte[] forwardedLines() {
        return client().caller().forwardedLines();
    }

    /** The client's numeric address, without the port. */
    public String clientAddress() {
        return client().caller().address();
    }

    /** {@code http} or {@code https}, as the client spoke to this entrance. */
    public String scheme() {
        return client().caller().scheme();
    }

    /** The snapshot that decides this request. */
    public View snapshot() {
        return snapshotView;
    }

    /** Says who asks, for records and messages. */
    public void requestId(String id) {
        record.requestId(id);
    }

    /** A new random id. */
    public String newRequestId() {
        return worker.requestIds().next();
    }

    /** The route table decided. */
    public boolean route(Routing.Forward forward) {
        return sending.route(forward);
    }

    /** What is wanted of it beside its outcome. */
    public Watching watching() {
        return watching;
    }

    /** Its span is to be recorded. */
    public void trace(Trace trace) {
        record.trace(trace);
    }

    /** Any number. */
    public long random() {
        return worker.requestIds().random();
    }

    /** These edits of the answer's head come after the route's. */
    public void answerEdits(HeadEdits.Fields edits) {
        answering.edits(edits);
    }

    /** This will happen to it before it is sent, or in place of that. */
    public void fault(Fault fault) {
        sending.fault(fault);
    }

    /** It goes to the program behind this inbound entrance. */
    public boolean toApplication(Entrance.Inbound inbound) {
        return sending.toApplication(inbound);
    }

    /** Why it may pass, or may not; for {@code weft why}. */
    public void accessDecided(String reason) {
        record.access(reason);
    }

    // What the parts of the engine see.

    Client client() {
        Client from = client;
        if (from == null) {
            throw new IllegalStateException("no request");
        }
        return from;
    }

    RequestBody body() {
        return body;
    }

    Upgrade upgrade() {
        return upgrade;
    }

    Sending sending() {
        return sending;
    }

    Answering answering() {
        return answering;
    }

    RequestRecord record() {
        return record;
    }

    boolean hasHead() {
        return hasHead;
    }

    int epoch() {
        return epoch;
    }

    /** Where the route table sends it, once it has been asked. */
    public Optional<Routing.Forward> routed() {
        return sending.routed();
    }
}
