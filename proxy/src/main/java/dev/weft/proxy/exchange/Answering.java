package dev.weft.proxy.exchange;

import dev.weft.http.h1.Framing;
import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.Limits;
import dev.weft.http.h1.ResponseHead;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.Details;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.Endpoint;
import dev.weft.proxy.carrier.AnswerBytes;
import dev.weft.proxy.message.AnswerBody;
import dev.weft.proxy.message.BodyRelay;
import dev.weft.proxy.message.Edits;
import dev.weft.proxy.message.Grpc;
import dev.weft.proxy.retry.FailedTry;
import dev.weft.proxy.retry.Failure;
import dev.weft.proxy.route.HeadEdits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way back: reads the endpoint's answer and passes it on to the client as it comes. Part of one {@link Exchange}. Only
 * the head is copied; what came with it passes from the read itself, as all that comes later.
 */
final class Answering {

    private static final HeaderName WEFT_ERROR = HeaderName.of("weft-error");
    private static final byte[] CLOSE = HeadWriter.line("connection", "close");
    private static final byte[] KEEP_ALIVE = HeadWriter.line("connection", "keep-alive");
    private static final byte[] CHUNKED = HeadWriter.line("transfer-encoding", "chunked");

    private static final Duration HEAD_ALONE = Duration.ofMillis(50);

    private final Exchange exchange;
    private final ResponseHead head = new ResponseHead(Limits.DEFAULT);
    private final AnswerBytes bytes = new AnswerBytes(head);
    private final HeadWriter toClient = new HeadWriter();
    private final AnswerBody body = new AnswerBody();
    private boolean heard;
    private boolean started;
    private boolean closes;
    private boolean streamed;
    private boolean streamLast;
    private boolean withheld;
    private HeadEdits.Fields edits = HeadEdits.Fields.NONE;

    Answering(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Nothing has arrived from the try that begins. */
    void begin() {
        bytes.begin();
        heard = false;
        started = false;
        closes = false;
        streamed = false;
        withheld = false;
    }

    /** Whose answer comes next. */
    void from(Endpoint endpoint) {
        head.limits(exchange.snapshot().heads().ofAnswers(exchange.entrance().hop(), endpoint.transport()));
    }

    /** Whether any part of an answer came from the try under way. */
    boolean heard() {
        return heard;
    }

    /** Lets go of the memory that a large head took. */
    void forget() {
        bytes.forget();
    }

    void forRequest() {
        edits = HeadEdits.Fields.NONE;
        begin();
    }

    /** What stations add to the answer's head, whoever makes the answer. */
    List<HeadEdits.Line> added() {
        return edits.appended();
    }

    void edits(HeadEdits.Fields more) {
        edits = edits.isEmpty() ? more : edits.then(more);
    }

    /** Whether the final head has gone to the client. */
    boolean started() {
        return started;
    }

    /** Whether its length was left open, so that trailers may end it early. */
    boolean isOpenEnded() {
        return head.fields().contentLength() < 0;
    }

    /** Bytes of an HTTP/1.1 connection. */
    void received(Try from, Received received) {
        if (started) {
            passOn(from, received, 0);
            return;
        }
        heard = true;
        bytes.from(received);
        boolean wants = true;
        while (wants && bytes.step()) {
            wants = readHeads(from);
        }
        bytes.over();
    }

    /** A head of a stream, in HTTP/1.1 form; {@code last} when nothing follows. */
    void head(Try from, byte[] array, int start, int end, boolean last) {
        heard = true;
        bytes.put(array, start, end);
        streamed = true;
        streamLast = last;
        var _ = readHeads(from);
    }

    /** A part of a stream's body. */
    void data(Try from, byte[] array, int start, int end, boolean last) {
        letGo(from);
        body.data(array, start, end, last);
        proceed(from, end, true);
    }

    /** The lines that end a stream's body. */
    void trailers(Try from, byte[] lines, int start, int end) {
        if (exchange.isCall()) {
            int code = Grpc.status(lines, start, end);
            from.grpcStatus(code);
            if (withheld && code > 0 && again(from, new Failure.AnsweredGrpc(code))) {
                return;
            }
            letGo(from);
            exchange.record().grpcStatus(code);
        }
        body.dataTrailers(lines, start, end);
        proceed(from, end, true);
    }

    /** Whether the final head is not here whole. */
    private boolean readHeads(Try from) {
        int end = bytes.parse();
        while (end > 0 && head.interim() && head.status() != 101) {
            passInterim();
            bytes.drop(end);
            end = bytes.parse();
        }
        if (end == ResponseHead.INCOMPLETE) {
            return true;
        }
        if (end > 0
                && head.status() == 101
                && !streamed
                && !exchange.upgrade().asked().isEmpty()) {
            switchProtocol(from, end);
            return false;
        }
        boolean stays = end > 0 && staysThoughAsked();
        if (end == ResponseHead.REFUSED || head.status() == 101 || stays) {
            String why = end == ResponseHead.REFUSED
                    ? head.problem().sentence()
                    : stays ? "It did not switch protocols." : "It switched protocols unasked.";
            exchange.sending().failed(from, ErrorCode.UPSTREAM_PROTOCOL, why, true, true);
            return false;
        }
        answered(from, end);
        return false;
    }

    /** On a stream any 2xx says that the protocol was switched (RFC 8441), so this one cannot be passed on. */
    private boolean staysThoughAsked() {
        return head.status() / 100 == 2
                && exchange.asksToSwitch()
                && exchange.client().multiplexed();
    }

    private void switchProtocol(Try from, int end) {
        if (!exchange.upgrade().accepted(head.fields())) {
            String why = "It did not prove that it knows the protocol.";
            exchange.sending().failed(from, ErrorCode.UPSTREAM_PROTOCOL, why, true, true);
            return;
        }
        long now = System.nanoTime();
        from.answered(101, Details.NO_GRPC_STATUS, now);
        exchange.record().answered(101, now);
        started = true;
        String protocol = head.fields()
                .value(HeaderName.UPGRADE)
                .orElse(exchange.upgrade().asked());
        toClient.reset();
        toClient.add(HeadWriter.line("connection", "upgrade"));
        toClient.add(HeadWriter.line("upgrade", protocol));
        byte[] out = new byte[toClient.lengthMax(head)];
        int length = toClient.write(head, out, 0);
        exchange.client().interim(out, 0, length);
        exchange.record().answerBytes(length);
        Upgraded.begin(exchange, from, bytes.rest(end));
    }

    private void passInterim() {
        if (exchange.head().minorVersion() > 0) {
            toClient.reset();
            byte[] out = new byte[toClient.lengthMax(head)];
            exchange.client().interim(out, 0, toClient.write(head, out, 0));
        }
    }

    private void answered(Try from, int end) {
        long now = System.nanoTime();
        boolean mesh = from.endpoint().transport() == Endpoint.Transport.MESH;
        int code = mesh ? head.fields().find(WEFT_ERROR) : -1;
        if (code >= 0 && EarlyEnd.behind(exchange, from, head.fields().value(code))) {
            return;
        }
        boolean call = exchange.isCall();
        from.answered(head.status(), call ? Grpc.status(head.fields()) : Details.NO_GRPC_STATUS, now);
        Repetition repetition = exchange.sending().repetition();
        if (repetition.looksAtAnswers()) {
            if (again(from, failure())) {
                return;
            }
            if (call && streamed && !streamLast && repetition.looksAtCalls()) {
                withhold(from);
                return;
            }
        }
        goOn(from, end);
    }

    /** Its status may follow in trailers, without a body; but a client that has more to say may wait for the head alone. */
    private void withhold(Try from) {
        withheld = true;
        int epoch = exchange.epoch();
        Runnable end = () -> {
            if (epoch == exchange.epoch() && from == exchange.sending().current()) {
                letGo(from);
            }
        };
        if (exchange.body().complete()) {
            exchange.worker().loop().later(HEAD_ALONE, end);
        } else {
            exchange.worker().loop().execute(end);
        }
    }

    private void letGo(Try from) {
        if (withheld) {
            withheld = false;
            goOn(from, bytes.filled());
        }
    }

    /** The head goes to the client. */
    private void goOn(Try from, int end) {
        exchange.sending().deadlines().answered();
        if (from.endpoint().transport() != Endpoint.Transport.MESH) {
            head.fields().drop(WEFT_ERROR); // only a proxy of the mesh may speak of the mesh's errors
        }
        exchange.record().answered(head.status(), System.nanoTime());
        if (exchange.isCall()) {
            exchange.record().grpcStatus(Grpc.status(head.fields()));
        }
        started = true;
        writeHead();
        passOn(from, end);
    }

    private boolean again(Try from, Failure failure) {
        boolean repeat = exchange.sending().repetition().asksFor(failure)
                && exchange.sending().leave(from, Optional.empty(), failure) == FailedTry.Verdict.REPEAT;
        if (repeat) {
            exchange.sending().again();
        }
        return repeat;
    }

    /** A gRPC status stands in the head alone where no body follows (trailers-only). */
    private Failure failure() {
        int grpcStatus = Grpc.status(head.fields());
        return grpcStatus > 0 ? new Failure.AnsweredGrpc(grpcStatus) : new Failure.Answered(head.status());
    }

    private void writeHead() {
        Client client = exchange.client();
        boolean old = exchange.head().minorVersion() == 0;
        Framing framing = head.framing(exchange.head().isHead());
        if (streamed && streamLast) {
            framing = Framing.NONE;
        }
        AnswerBody.Form form = form(framing, client.multiplexed(), old);
        closes = !client.multiplexed()
                && ((form == AnswerBody.Form.DATA && old)
                        || !exchange.head().keepsAlive()
                        || !exchange.body().complete() // the rest of it would be taken for the next request
                        || client.isLeaving());
        toClient.reset();
        if (exchange.caller().keepsVersion(exchange.head())) {
            toClient.keepVersion();
        }
        if (form == AnswerBody.Form.DATA || client.multiplexed()) {
            head.fields().drop(HeaderName.TRANSFER_ENCODING);
        }
        Edits.apply(exchange.sending().edits().response(), head.fields(), toClient);
        Edits.apply(edits, head.fields(), toClient);
        if (form == AnswerBody.Form.CHUNKED) {
            toClient.add(CHUNKED);
        }
        if (!exchange.sending().cookie().isEmpty()) {
            toClient.add(HeadWriter.line("set-cookie", exchange.sending().cookie()));
        }
        if (closes) {
            toClient.add(CLOSE);
        } else if (old) {
            toClient.add(KEEP_ALIVE);
        }
        byte[] scratch = exchange.worker().loop().scratch();
        byte[] out = toClient.lengthMax(head) <= scratch.length ? scratch : new byte[toClient.lengthMax(head)];
        int end = toClient.write(head, out, 0);
        if (streamed) {
            body.beginData(streamLast, framing != Framing.NONE, client, form);
        } else {
            body.begin(framing, head.contentLength(), client, form);
        }
        client.head(out, 0, end, framing == Framing.NONE || body.done());
        exchange.record().answerBytes(end);
    }

    /** A stream's length is mostly not said, and HTTP/1.0 knows no chunks. */
    private AnswerBody.Form form(Framing framing, boolean multiplexed, boolean old) {
        boolean open = framing == Framing.UNTIL_CLOSE;
        if (multiplexed) {
            return streamed ? AnswerBody.Form.AS_IT_COMES : AnswerBody.Form.DATA;
        }
        if (old) {
            return open || framing == Framing.CHUNKED ? AnswerBody.Form.DATA : AnswerBody.Form.AS_IT_COMES;
        }
        return open ? AnswerBody.Form.CHUNKED : AnswerBody.Form.AS_IT_COMES;
    }

    /** What came together with the head; on a stream that was the head alone. */
    private void passOn(Try from, int end) {
        if (streamed) {
            proceed(from, end, true);
        } else {
            passOn(from, bytes.read(), bytes.after(end));
        }
    }

    private void passOn(Try from, Received received, int begins) {
        int consumed = begins < received.length() && !body.done()
                ? body.relay(received, begins, exchange.worker().loop().scratch())
                : begins;
        proceed(from, consumed, consumed == received.length());
    }

    private void proceed(Try from, int consumed, boolean exact) {
        exchange.sending().deadlines().heard();
        if (consumed == BodyRelay.REFUSED) {
            EarlyEnd.cutOff(exchange, ErrorCode.UPSTREAM_PROTOCOL, body.problem());
        } else if (body.done()) {
            complete(from, exact && head.keepsAlive() && exchange.body().complete());
        } else if (!exchange.client().writable()) {
            from.reading(false);
        }
    }

    private void complete(Try from, boolean reusable) {
        exchange.record().answerBytes(body.bytes());
        exchange.sending().complete(from, reusable);
        exchange.end(!closes && exchange.mayBeUsedAgain());
    }

    /** The endpoint closed the connection: whether that was the answer's end. */
    boolean endedBy(Try from, Closure closure) {
        boolean whole = started && body.endsWithConnection() && closure.kind() == Closure.Kind.PEER;
        if (whole) {
            body.connectionEnded();
            complete(from, false);
        }
        return whole;
    }

    /** Counts what came of an answer that is not whole. */
    void countBytes() {
        exchange.record().answerBytes(body.bytes());
    }
}
