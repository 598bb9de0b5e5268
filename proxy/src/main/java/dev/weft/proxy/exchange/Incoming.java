package dev.weft.proxy.exchange;

import dev.weft.http.h1.Framing;
import dev.weft.http.h1.ProtocolProblem;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.access.Demand;
import dev.weft.proxy.message.BodyRelay;
import dev.weft.proxy.message.HeadBytes;
import dev.weft.proxy.message.Trailers;
import dev.weft.proxy.route.Routing;
import java.time.Duration;

/** What comes of one request, as its client's side reads it: the head, then the body. Part of one {@link Exchange}. */
public final class Incoming {

    private final Exchange exchange;
    private final RequestHead head;
    private final RequestBody body;
    private final HeadBytes bytes = new HeadBytes();
    private Demand demand = Demand.NONE;
    private boolean hasHead;
    private long bodyBytesMax;

    Incoming(Exchange exchange) {
        this.exchange = exchange;
        this.head = exchange.head();
        this.body = exchange.body();
    }

    void begin() {
        bytes.begin();
        hasHead = false;
        bodyBytesMax = 0;
        demand = Demand.NONE;
    }

    /** Nobody else gets it. */
    public void demand(Demand one) {
        demand = one;
    }

    Demand demand() {
        return demand;
    }

    void forget() {
        bytes.forget();
    }

    /** More of the request's head; whether these are its first bytes. */
    public boolean append(Received received) {
        bytes.append(received);
        return bytes.length() == received.length();
    }

    /** More of the request's head, or of what came with it. */
    public void append(byte[] array, int from, int to) {
        bytes.append(array, from, to);
    }

    /** All that was appended. */
    public HeadBytes bytes() {
        return bytes;
    }

    /**
     * Reads the head in what was appended.
     *
     * @return where it ends, {@link RequestHead#INCOMPLETE} or {@link RequestHead#REFUSED}
     */
    public int parse() {
        return head.parse(bytes.array(), bytes.length());
    }

    /** Whether the head came whole, or was refused. */
    public boolean hasHead() {
        return hasHead;
    }

    /**
     * The head is whole, or refused: sets out.
     *
     * @return how many of the appended bytes were not for this request
     */
    public int proceed() {
        setOut();
        if (head.end() == 0) {
            body.begin(Framing.UNTIL_CLOSE, 0); // whatever follows cannot be told from the head
            refuseHead();
            return 0;
        }
        body.begin(head.framing(), head.contentLength());
        int consumed = body.relay().relay(bytes.array(), head.end(), bytes.length(), body);
        if (consumed == BodyRelay.REFUSED) {
            exchange.refuse(ErrorCode.BAD_REQUEST, body.relay().problem());
            return 0;
        }
        int unread = bytes.length() - consumed;
        exchange.send();
        return unread;
    }

    /** The head came whole on a stream: sets out; {@code last} when no body follows. */
    public void proceedStream(boolean last) {
        setOut();
        if (head.end() == 0) {
            body.beginData(last, -1);
            refuseHead();
            return;
        }
        body.beginData(last || head.asksForUpgrade(), head.fields().contentLength());
        exchange.send();
    }

    /** A copy of a request: where it goes has been decided. */
    void proceedCopy(Routing.Forward to) {
        setOut();
        body.begin(head.framing(), head.contentLength());
        body.relay().relay(bytes.array(), head.end(), bytes.length(), body);
        exchange.sending().route(to);
        exchange.sending().send();
    }

    /** A head that was too large to be read. */
    public void refuseUnread(boolean last) {
        setOut();
        body.beginData(last, -1);
        exchange.refuse(ErrorCode.HEAD_TOO_LARGE, "The head is larger than allowed.");
    }

    /** The head did not come whole in time. */
    public void refuseLate(Duration limit) {
        setOut();
        body.begin(Framing.UNTIL_CLOSE, 0);
        exchange.refuse(
                ErrorCode.REQUEST_TIMEOUT, "The head was not whole " + limit.toMillis() + " ms after its first byte.");
    }

    private void setOut() {
        hasHead = true;
        exchange.setOut();
    }

    private void refuseHead() {
        exchange.refuse(
                RequestRecord.errorOf(head.problem()),
                head.problem().status(),
                head.problem().sentence());
    }

    /** The offset after the request's last byte, or {@link BodyRelay#REFUSED}. */
    public int body(Received received) {
        return checked(body.relay().relay(received, 0, exchange.worker().loop().scratch(), body));
    }

    /** The offset after the request's last byte, or {@link BodyRelay#REFUSED}. */
    public int body(byte[] array, int from, int to) {
        return checked(body.relay().relay(array, from, to, body));
    }

    private int checked(int consumed) {
        if (consumed == BodyRelay.REFUSED) {
            exchange.giveUp(ErrorCode.BAD_REQUEST, body.relay().problem());
        } else if (tooLarge()) {
            exchange.giveUp(ErrorCode.BODY_TOO_LARGE, moreThanAllowed());
            return BodyRelay.REFUSED;
        } else {
            exchange.sending().passed();
        }
        return consumed;
    }

    private boolean tooLarge() {
        return bodyBytesMax > 0 && body.bytes() > bodyBytesMax;
    }

    private String moreThanAllowed() {
        return "The body has more than " + bodyBytesMax + " bytes.";
    }

    boolean limitBody(long bytesMax) {
        bodyBytesMax = bytesMax;
        return (head.fields().contentLength() <= bytesMax && !tooLarge())
                || exchange.refuse(ErrorCode.BODY_TOO_LARGE, moreThanAllowed());
    }

    /** A part of a stream's body. */
    public void data(byte[] array, int from, int to, boolean last) {
        int before = exchange.epoch();
        body.write(array, from, to, last);
        if (before != exchange.epoch()) {
            return;
        }
        if (tooLarge()) {
            exchange.giveUp(ErrorCode.BODY_TOO_LARGE, moreThanAllowed());
        } else {
            exchange.sending().passed();
        }
    }

    /** The lines that end a stream's body. */
    public void trailers(byte[] lines, int from, int to) {
        if (to - from > exchange.client().caller().bodyLimits().trailerBytesMax()) {
            exchange.giveUp(ErrorCode.BAD_REQUEST, ProtocolProblem.BAD_TRAILER.sentence());
            return;
        }
        byte[] sound = Trailers.sound(lines, from, to);
        if (sound.length == 0) {
            body.end();
        } else {
            body.trailers(sound, 0, sound.length);
        }
    }

    /** Whether no more of the body can be taken now. */
    public boolean holdsBack() {
        return hasHead && body.holdsBack();
    }
}
