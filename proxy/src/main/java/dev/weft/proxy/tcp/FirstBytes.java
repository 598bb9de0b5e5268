package dev.weft.proxy.tcp;

import dev.weft.http.transport.Received;
import dev.weft.proxy.relay.Detected;
import dev.weft.proxy.relay.Detection;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a client has said while it is not known what it speaks. */
final class FirstBytes {

    /** A client that stops for longer within what could become a request line is taken for something else. */
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private byte[] bytes = {};
    private int length;

    /** Adds these; empty while more could still tell what they are. */
    Optional<Detected> add(Received received) {
        int more = received.length();
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(512, Math.max(bytes.length * 2, length + more)));
        }
        received.copy(0, more, bytes, length);
        length += more;
        return Detection.look(bytes, length);
    }

    Detected afterPause() {
        return Detection.afterPause(bytes, length);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
