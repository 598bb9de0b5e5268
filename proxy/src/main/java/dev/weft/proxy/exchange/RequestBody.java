package dev.weft.proxy.exchange;

import dev.weft.http.h1.BodyLimits;
import dev.weft.http.h1.Framing;
import dev.weft.http.transport.Received;
import dev.weft.proxy.carrier.Carrier;
import dev.weft.proxy.carrier.Following;
import dev.weft.proxy.message.BodyRelay;
import dev.weft.proxy.message.Chunks;
import dev.weft.proxy.message.Sink;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way to an endpoint: with its framing where the client speaks HTTP/1.1, else as data; made
 * into what the carrier wants where that is the other. Its beginning is kept, up to {@value #KEPT_BYTES_MAX} bytes, so that
 * another try can send it again; while no endpoint is connected no more than that is read.
 */
final class RequestBody implements Sink {

    private static final int KEPT_BYTES_MAX = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final BodyRelay relay = new BodyRelay();
    private final BodyRelay unframing = new BodyRelay();
    private final Chunks chunks = new Chunks();
    private Framing framing = Framing.NONE;
    private long length;
    private boolean framed;
    private boolean ended;
    private boolean none;
    private long dataBytes;
    private byte[] kept = NOTHING;
    private int keptLength;
    private boolean keeping;
    private byte[] trailers = NOTHING;
    private @Nullable Carrier server;
    private Sink out = this;

    /** What the bodies of this client may cost. */
    void limits(BodyLimits limits) {
        relay.limits(limits);
        unframing.limits(limits);
    }

    /** A body that comes with this framing, through {@link #relay}. */
    void begin(Framing how, long lengthBytes) {
        framing = how;
        length = lengthBytes;
        framed = true;
        relay.begin(how, lengthBytes, false);
        none = relay.done();
        reset();
    }

    /**
     * A body that comes as data.
     *
     * @param empty whether nothing comes at all
     * @param lengthBytes as declared; -1 when it was not
     */
    void beginData(boolean empty, long lengthBytes) {
        framing = empty ? Framing.NONE : lengthBytes >= 0 ? Framing.LENGTH : Framing.CHUNKED;
        length = lengthBytes;
        framed = false;
        none = empty;
        reset();
    }

    private void reset() {
        ended = none;
        dataBytes = 0;
        keptLength = 0;
        keeping = true;
        trailers = NOTHING;
        server = null;
    }

    /** Lets go of the memory that a large body took. */
    void forget() {
        server = null;
        out = this;
        if (kept.length > 4 * 1024) {
            kept = NOTHING;
        }
    }

    BodyRelay relay() {
        return relay;
    }

    /** What was read so far, with its framing if it has one. */
    long bytes() {
        return framed ? relay.bytes() : dataBytes;
    }

    /** Whether all of it has been read. */
    boolean complete() {
        return framed ? relay.done() : ended;
    }

    /** What comes behind the head. */
    Following following() {
        return none ? Following.NOTHING : becomesChunked() ? Following.CHUNKS : Following.BODY;
    }

    private boolean becomesChunked() {
        return !framed && framing == Framing.CHUNKED;
    }

    /** Whether what is kept has its framing. */
    boolean isFramed() {
        return framed;
    }

    int keptBytes() {
        return keptLength;
    }

    /** This head, and all that is kept behind it. */
    byte[] withHead(byte[] head) {
        byte[] all = Arrays.copyOf(head, head.length + keptLength);
        System.arraycopy(kept, 0, all, head.length, keptLength);
        return all;
    }

    /** Whether all that was read so far is still at hand. */
    boolean isKept() {
        return keeping;
    }

    /** Whether no more can be taken now. */
    boolean holdsBack() {
        Carrier to = server;
        return to == null ? keptLength >= KEPT_BYTES_MAX : !to.writable();
    }

    /** Sends what is there, and from now on what comes. */
    void sendTo(Carrier carrier) {
        server = carrier;
        out = receiver(carrier);
        if (!none) {
            boolean whole = complete();
            if (keptLength > 0 || (whole && trailers.length == 0)) {
                out.write(kept, 0, keptLength, whole && trailers.length == 0);
            }
            if (whole && trailers.length > 0) {
                out.trailers(trailers, 0, trailers.length);
            }
        }
        stopKeepingIfLarge();
    }

    private Sink receiver(Carrier carrier) {
        if (framed == !carrier.multiplexed()) {
            return carrier;
        }
        if (framed) {
            unframing.begin(framing, length, true);
            return new Unframing(unframing, carrier);
        }
        return becomesChunked() ? chunks.over(carrier) : carrier;
    }

    /** What comes is kept until there is another carrier. */
    void disconnect() {
        server = null;
    }

    @Override
    public void write(byte[] bytes, int from, int to, boolean last) {
        if (keeping) {
            System.arraycopy(bytes, from, room(to - from), keptLength, to - from);
            keptLength += to - from;
        }
        received(to - from, last);
        if (server != null) {
            out.write(bytes, from, to, last);
            stopKeepingIfLarge();
        }
    }

    @Override
    public void write(Received bytes, int from, int to, boolean last) {
        if (keeping) {
            bytes.copy(from, to, room(to - from), keptLength);
            keptLength += to - from;
        }
        received(to - from, last);
        if (server != null) {
            out.write(bytes, from, to, last);
            stopKeepingIfLarge();
        }
    }

    private void received(int more, boolean last) {
        dataBytes += more;
        ended |= last;
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        ended = true;
        trailers = Arrays.copyOfRange(lines, from, to);
        if (server != null) {
            out.trailers(lines, from, to);
        }
    }

    @Override
    public void end() {
        ended = true;
        if (server != null) {
            out.end();
        }
    }

    private void stopKeepingIfLarge() {
        if (keptLength > KEPT_BYTES_MAX) {
            keeping = false;
            keptLength = 0;
            kept = NOTHING;
        }
    }

    private byte[] room(int more) {
        if (keptLength + more > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(1024, Math.max(kept.length * 2, keptLength + more)));
        }
        return kept;
    }

    /** Takes a body with its framing, which was found sound before, and passes its data on. */
    private record Unframing(BodyRelay relay, Sink out) implements Sink {

        @Override
        public void write(byte[] bytes, int from, int to, boolean last) {
            var _ = relay.relay(bytes, from, to, out);
        }

        @Override
        public void write(Received bytes, int from, int to, boolean last) {
            byte[] copy = new byte[to - from];
            bytes.copy(from, to, copy, 0);
            var _ = relay.relay(copy, 0, copy.length, out);
        }

        @Override
        public void trailers(byte[] lines, int from, int to) {
            throw new IllegalStateException("trailers stand in the framed bytes");
        }

        @Override
        public void end() {
            throw new IllegalStateException("the end stands in the framed bytes");
        }
    }
}
