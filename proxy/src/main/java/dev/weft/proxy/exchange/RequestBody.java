package dev.weft.proxy.exchange;

import dev.weft.http.h1.Framing;
import dev.weft.http.transport.Connection;
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
    private @Nullable Connection server;

    void begin(Framing framing, long length) {
        relay.begin(framing, length, false);
        keptLength = 0;
        keeping = true;
        server = null;
    }

    /** Lets go of the memory that a large body took. */
    void end() {
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
        Connection to = server;
        return to == null ? keptLength >= KEPT_BYTES_MAX : !to.writable();
    }

    /** Sends what is there, and from now on what comes. */
    void sendTo(Connection connection) {
        server = connection;
        connection.write(kept, 0, keptLength);
        stopKeepingIfLarge();
    }

    /** What comes is kept until there is another connection. */
    void disconnect() {
        server = null;
    }

    @Override
    public void write(byte[] bytes, int from, int to) {
        if (keeping) {
            System.arraycopy(bytes, from, room(to - from), keptLength, to - from);
            keptLength += to - from;
        }
        if (server != null) {
            server.write(bytes, from, to);
            stopKeepingIfLarge();
        }
    }

    @Override
    public void write(Received bytes, int from, int to) {
        if (keeping) {
            bytes.copy(from, to, room(to - from), keptLength);
            keptLength += to - from;
        }
        if (server != null) {
            server.write(bytes, from, to);
            stopKeepingIfLarge();
        }
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
