package dev.weft.proxy.exchange;

import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.Limits;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.Trace;
import dev.weft.model.traffic.Fault;
import dev.weft.proxy.carrier.Carrier;
import dev.weft.proxy.message.Grpc;
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
    private final Incoming incoming;
    private final OwnAnswers ownAnswers;

    private @Nullable Client client;
    private View snapshotView = View.empty();
    private Watching watching = Watching.NOTHING;
    private int epoch;
    private boolean ended;
    private boolean call;
    private String toldAddress = "";
    private String toldScheme = "";

    Exchange(Worker worker) {
        this.worker = worker;
        this.incoming = new Incoming(this);
        this.ownAnswers = new OwnAnswers(this);
        this.record = new RequestRecord(this);
        this.upgrade = new Upgrade(this);
        this.sending = new Sending(this);
        this.answering = new Answering(this);
    }

    void begin(Client from) {
        client = from;
        incoming.begin();
        ended = false;
        call = false;
        head.limits(worker.view().heads().ofRequests(from.caller().entrance().hop()));
        body.limits(from.caller().bodyLimits());
        head.reset(0);
    }

    /** The head is here. */
    void setOut() {
        call = client().multiplexed() && head.end() > 0 && Grpc.isCall(head.fields());
        snapshotView = worker.view();
        watching = worker.watching();
        view = original;
        toServer.reset();
        sending.begin();
        answering.forRequest();
        record.begin();
        upgrade.begin();
        toldAddress = "";
        toldScheme = "";
        client().deadline(0);
    }

    /** What comes of the request. */
    public Incoming incoming() {
        return incoming;
    }

    /** More of the answer may go to the client, or not. */
    public void answerWritable(boolean on) {
        sending.reading(on);
    }

    /** The client's deadline is here. */
    public void timedOut() {
        sending.timedOut();
    }

    /** Sends it on, where its stations let it pass. */
    void send() {
        if (client().caller().entrance().stations().pass(this) && upgrade.pass()) {
            sending.send();
        }
    }

    /** Answers with an error in place of an endpoint; always false. */
    public boolean refuse(ErrorCode error, String detail) {
        return ownAnswers.refuse(error, error.status(), detail);
    }

    /** Answers with an error that will pass in so many seconds; always false. */
    public boolean refuse(ErrorCode error, String detail, long retryAfterSeconds) {
        return ownAnswers.refuse(error, error.status(), detail, retryAfterSeconds);
    }

    boolean refuse(ErrorCode error, int status, String detail) {
        return ownAnswers.refuse(error, status, detail);
    }

    /** Answers with a redirect; always false. */
    public boolean redirect(int status, String location) {
        return answer(status, List.of(new HeadEdits.Line("location", location)), new byte[0]);
    }

    /** Answers with this; always false. */
    public boolean answer(int status, List<HeadEdits.Line> fields, byte[] content) {
        return ownAnswers.answer(status, fields, content);
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

    /** Ends it; the client can see that the answer is not whole, or that none comes. */
    void cutOff(ErrorType code) {
        Client from = client();
        finish();
        from.cutOff(code);
    }

    void finish() {
        if (ended) {
            throw new IllegalStateException("a request ended twice");
        }
        ended = true;
        Mirroring.copy(this);
        record.end();
        release();
    }

    /** Forgets a request whose head never came whole. */
    public void abandon() {
        release();
    }

    /** From now on it is another request's. */
    void release() {
        epoch++;
        sending.end();
        body.forget();
        incoming.forget();
        answering.forget();
        worker.release(this);
    }

    /**
     * Hands the client's connection, with what it said after this request, to somebody else as soon as this call is over; the
     * request itself ends without an outcome. Always false.
     */
    public boolean handOver(BiConsumer<Connection, byte[]> next) {
        return EarlyEnd.handOver(this, next);
    }

    /** The client closed its connection, or reset the stream, or code on its side failed. */
    public void clientGone(Closure closure) {
        EarlyEnd.clientGone(this, closure);
    }

    /** Ends with this error, by an answer while there is none yet. */
    public void giveUp(ErrorCode error, String detail) {
        EarlyEnd.giveUp(this, error, detail);
    }

    void sendTo(Carrier carrier) {
        sending.tellPatience();
        carrier.head(head, toServer, body.following());
        body.sendTo(carrier);
        sending.passed();
        client().updateReading();
    }

    /** Whether it wants to switch to another protocol, and may. */
    public boolean asksToSwitch() {
        return !upgrade.asked().isEmpty();
    }

    /** Whether it is a call of gRPC. */
    boolean isCall() {
        return call;
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

    public Caller caller() {
        return client().caller();
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
        return toldAddress.isEmpty() ? client().caller().address() : toldAddress;
    }

    /** The numeric address at the other end of the connection, without the port, whomever it speaks for. */
    public String peerAddress() {
        return client().caller().peerAddress();
    }

    /** How many proxies in front of this one are believed when they say who the client is. */
    public int trustedHops() {
        return client().caller().trustedHops();
    }

    /** A believed proxy in front says where this request's client is, and how he spoke to it. */
    public void believe(String address, String scheme) {
        toldAddress = address;
        toldScheme = scheme;
    }

    /** {@code http} or {@code https}, as the client spoke to this entrance. */
    public String scheme() {
        return toldScheme.isEmpty() ? client().caller().scheme() : toldScheme;
    }

    /** The snapshot that decides this request. */
    public View snapshot() {
        return snapshotView;
    }

    /** Says who asks, for records and messages. */
    public void requestId(String id) {
        record.requestId(id);
    }

    /** Its name for people; empty before it has one. */
    public String requestId() {
        return record.requestId();
    }

    /** A new random id. */
    public String newRequestId() {
        return worker.requestIds().next();
    }

    /** Its body may have so many bytes; false when it has more, which has been answered. */
    public boolean limitBody(long bytesMax) {
        return incoming.limitBody(bytesMax);
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

    /** These edits of the answer's head come after the route's, and after those before. */
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

    /** What lets it pass; for {@code weft why} and for counters, so always one of few texts. */
    public void accessAllowed(String by) {
        record.allowed(by);
    }

    /** Why it may not pass; for {@code weft why}. */
    public void accessDenied(String reason) {
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

    int epoch() {
        return epoch;
    }

    /** Where the route table sends it, once it has been asked. */
    public Optional<Routing.Forward> routed() {
        return sending.routed();
    }
}
