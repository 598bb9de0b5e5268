package dev.weft.proxy.message;

import dev.weft.http.h1.Framing;
import dev.weft.http.transport.Received;

/**
 * The body of one answer on its way to the client: with its framing or as data, as it comes, made into what the client wants.
 * Used again for every answer.
 */
public final class AnswerBody implements Sink {

    private final BodyRelay relay = new BodyRelay();
    private final Chunks chunks = new Chunks();
    private Sink out = this;
    private boolean framed;
    private boolean reframed;
    private boolean ended;
    private long dataBytes;

    /** How a client gets a body that it cannot get as it comes. */
    public enum Form {
        AS_IT_COMES,
        /** Without framing: a stream's data, or until the connection's end. */
        DATA,
        CHUNKED
    }

    /** A body that comes with this framing. */
    public void begin(Framing framing, long length, Sink client, Form form) {
        framed = true;
        reframed = form != Form.AS_IT_COMES;
        relay.begin(framing, length, reframed);
        ended = relay.done();
        out = form == Form.CHUNKED ? chunks.over(client) : client;
    }

    /**
     * A body that comes as data.
     *
     * @param wanted false when the client must get none, whatever comes
     */
    public void beginData(boolean none, boolean wanted, Sink client, Form form) {
        framed = false;
        reframed = form != Form.AS_IT_COMES;
        ended = none;
        dataBytes = 0;
        out = !wanted ? this : form == Form.CHUNKED ? chunks.over(client) : client;
    }

    public boolean done() {
        return framed ? relay.done() : ended;
    }

    /** How many went by, with their framing if they came with one. */
    public long bytes() {
        return framed ? relay.bytes() : dataBytes;
    }

    public String problem() {
        return relay.problem();
    }

    /** The offset after what belongs to the body, or {@link BodyRelay#REFUSED}. */
    public int relay(Received received, int from, byte[] space) {
        return relay.relay(received, from, space, out);
    }

    public void data(byte[] bytes, int from, int to, boolean last) {
        dataBytes += to - from;
        ended |= last;
        out.write(bytes, from, to, last);
    }

    public void dataTrailers(byte[] lines, int from, int to) {
        ended = true;
        if (from < to) {
            out.trailers(lines, from, to);
        } else {
            out.end();
        }
    }

    public boolean endsWithConnection() {
        return framed && relay.endsWithConnection();
    }

    /** The connection's end was the body's. */
    public void connectionEnded() {
        if (reframed) {
            out.end();
        }
    }

    // What nobody wants.

    @Override
    public void write(byte[] bytes, int from, int to, boolean last) {}

    @Override
    public void write(Received bytes, int from, int to, boolean last) {}

    @Override
    public void trailers(byte[] lines, int from, int to) {}

    @Override
    public void end() {}
}
