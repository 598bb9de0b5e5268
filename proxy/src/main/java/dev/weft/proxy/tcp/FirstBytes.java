package dev.weft.proxy.tcp;

import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.proxy.relay.Detected;
import dev.weft.proxy.relay.Detection;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a client has said while it is not known what it speaks. */
final class FirstBytes {

    /** A client that stops for longer within what could become a request line is taken for something else. */
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** However it goes on, by then it is decided, from the first byte on. */
    static final long ALL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private byte[] bytes = {};
    private int wanted;
    private long endNanos;
    private int length;

    /** Adds these; empty while more could still tell what they are. */
    Optional<Detected> add(Received received) {
        int more = received.length();
        if (length == 0) {
            endNanos = System.nanoTime() + ALL_NANOS;
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(512, Math.max(bytes.length * 2, length + more)));
        }
        received.copy(0, more, bytes, length);
        length += more;
        if (length < wanted) {
            return Optional.empty();
        }
        Optional<Detected> found = Detection.look(bytes, length);
        wanted = Detection.wanted(bytes, length);
        return found;
    }

    /** When it is to be decided without more, on {@link System#nanoTime()}. */
    long deadline() {
        long pause = System.nanoTime() + PAUSE_NANOS;
        return pause - endNanos < 0 ? pause : endNanos;
    }

    Detected afterPause() {
        Detected found = Detection.afterPause(bytes, length);
        boolean late = length > 0 && System.nanoTime() - endNanos >= 0;
        return late
                ? new Detected(
                        new ProtocolVerdict(found.verdict().protocol(), ProtocolVerdict.Reason.LATE),
                        found.serverName())
                : found;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
