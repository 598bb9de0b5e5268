package dev.weft.proxy.exchange;

import dev.weft.http.h1.Framing;
import dev.weft.http.transport.Received;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way to an endpoint. Its beginning is kept, up to {@value #KEPT_BYTES_MAX} bytes, so that
 * another try can send it again; while no endpoint is connected no more than that is read.
 */
final class RequestBody implements Sink {

    private static final int KEPT_BYTES_MAX = 64 * 1024;

    private final BodyRelay relay = new BodyRelay();
    private byte[] kept = {};
    private int keptLength;
    private boolean keeping;
    private @Nullable Carrier server;

    void begin(Framing framing, long length) {
        relay.begin(framing, length, false);
        keptLength = 0;
        keeping = true;
        server = null;
    }

    /** Lets go of the memory that a large body took. */
    void forget() {
        server = null;
        if (kept.length > 4 * 1024) {
            kept = new byte[0];
        }
    }

    BodyRelay relay() {
        return relay;
    }

    /** Whether all of it has been read. */
    boolean complete() {
        return relay.done();
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
        carrier.write(kept, 0, keptLength, false);
        stopKeepingIfLarge();
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
        if (server != null) {
            server.write(bytes, from, to, last);
            stopKeepingIfLarge();
        }
    }

    @Override
    public void write(Received bytes, int from, int to, boolean last) {
        if (keeping) {
            bytes.copy(from, to, room(to - from), keptLength);
            keptLength += to - from;
        }
        if (server != null) {
            server.write(bytes, from, to, last);
            stopKeepingIfLarge();
        }
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        throw new IllegalStateException("the body is framed");
    }

    @Override
    public void end() {
        throw new IllegalStateException("the body is framed");
    }

    private void stopKeepingIfLarge() {
        if (keptLength > KEPT_BYTES_MAX) {
            keeping = false;
            keptLength = 0;
            kept = new byte[0];
        }
    }

    private byte[] room(int more) {
        if (keptLength + more > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(1024, Math.max(kept.length * 2, keptLength + more)));
        }
        return kept;
    }
}
