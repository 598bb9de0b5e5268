package dev.weft.proxy.relay;

import dev.weft.http.transport.Connection;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes {@code weft-tcp/1}, the frames of an opaque stream between two proxies. They are there because the TLS library
 * takes a peer's {@code close_notify} for the end of both directions, and so that the called side can say why it refuses.
 */
public final class Frames {

    static final int HEAD_BYTES = 4;
    static final byte DATA = 0;
    static final byte OPENED = 1;
    static final byte REFUSED = 2;
    static final byte ENDED = 3;
    static final byte BROKEN = 4;
    static final byte NAMED = 5;

    private static final int TEXT_BYTES_MAX = 1000;
    private static final byte[] NOTHING = {};

    private Frames() {}

    /** Which stream this is; sent once, by the calling side, before anything else. */
    public static void named(Connection to, String text) {
        frame(to, NAMED, text(text));
    }

    /** The program has been reached; sent once, by the called side, before anything else. */
    public static void opened(Connection to) {
        frame(to, OPENED, NOTHING);
    }

    /** The stream is not passed on, or no longer; the called side sends it in place of {@link #opened} or after it. */
    public static void refused(Connection to, ErrorCode error, String detail) {
        frame(to, REFUSED, text(error.code() + " " + detail));
    }

    /** What a code says that came with {@link #refused}; empty for one that this version does not know. */
    public static Optional<ErrorCode> error(String code) {
        for (ErrorCode each : ErrorCode.values()) {
            if (each.code().equals(code)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    static void ended(Connection to) {
        frame(to, ENDED, NOTHING);
    }

    static void broken(Connection to, String detail) {
        frame(to, BROKEN, text(detail));
    }

    static void data(Connection to, Received bytes, int from, int end) {
        head(to, DATA, end - from);
        to.write(bytes, from, end);
    }

    static void data(Connection to, byte[] bytes, int from, int end) {
        if (end > from) {
            head(to, DATA, end - from);
            to.write(bytes, from, end);
        }
    }

    private static void frame(Connection to, byte type, byte[] payload) {
        head(to, type, payload.length);
        to.write(payload, 0, payload.length);
    }

    private static void head(Connection to, byte type, int length) {
        byte[] head = to.loop().scratch();
        head[0] = type;
        head[1] = (byte) (length >> 16);
        head[2] = (byte) (length >> 8);
        head[3] = (byte) length;
        to.write(head, 0, HEAD_BYTES);
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= TEXT_BYTES_MAX ? bytes : Arrays.copyOf(bytes, TEXT_BYTES_MAX);
    }
}
