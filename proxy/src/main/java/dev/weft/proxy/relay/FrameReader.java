package dev.weft.proxy.relay;

import dev.weft.http.transport.Received;
import java.nio.charset.StandardCharsets;

/**
 * Reads what a proxy of the mesh sends on an opaque stream ({@code weft-tcp/1}): frames of a type (one byte), a length
 * (three bytes, the highest first) and so many bytes. See {@link Frames}.
 */
public final class FrameReader {

    private static final int TEXT_BYTES_MAX = 1024;

    private static final Sink NOBODY = new Sink() {
        @Override
        public void data(Received bytes, int from, int to) {}

        @Override
        public void named(String text) {}

        @Override
        public void opened() {}

        @Override
        public void refused(String code, String detail) {}

        @Override
        public void ended() {}

        @Override
        public void broken(String detail) {}
    };

    private final byte[] head = new byte[Frames.HEAD_BYTES];
    private Sink sink = NOBODY;
    private int headFilled;
    private int left;
    private byte[] text = {};

    /** Hears what was read. */
    public interface Sink {

        void data(Received bytes, int from, int to);

        /** The peer says which stream this is. */
        void named(String text);

        /** The peer has reached the program. */
        void opened();

        /** The peer does not pass the stream on. */
        void refused(String code, String detail);

        /** The peer's side has said all. */
        void ended();

        /** The peer's side broke. */
        void broken(String detail);
    }

    /** Who hears what follows; may be called from within a call of the one before. */
    public void sink(Sink next) {
        sink = next;
    }

    /** Reads all of it; false when it is malformed. */
    public boolean read(Received bytes) {
        int at = 0;
        int length = bytes.length();
        while (true) {
            if (headFilled < head.length) {
                int some = Math.min(head.length - headFilled, length - at);
                bytes.copy(at, at + some, head, headFilled);
                at += some;
                headFilled += some;
                if (headFilled < head.length) {
                    return true;
                }
                if (!begin()) {
                    return false;
                }
            }
            int some = Math.min(left, length - at);
            left -= some;
            if (head[0] == Frames.DATA) {
                if (some > 0) {
                    sink.data(bytes, at, at + some);
                }
            } else {
                bytes.copy(at, at + some, text, text.length - left - some);
            }
            at += some;
            if (left > 0) {
                return true;
            }
            headFilled = 0;
            deliver(head[0]);
            if (at == length) {
                return true;
            }
        }
    }

    private boolean begin() {
        left = ((head[1] & 0xff) << 16) | ((head[2] & 0xff) << 8) | (head[3] & 0xff);
        if (head[0] == Frames.DATA) {
            return true;
        }
        boolean known = head[0] > Frames.DATA && head[0] <= Frames.NAMED;
        if (!known || left > TEXT_BYTES_MAX) {
            return false;
        }
        text = new byte[left];
        return true;
    }

    private void deliver(byte type) {
        switch (type) {
            case Frames.OPENED -> sink.opened();
            case Frames.ENDED -> sink.ended();
            case Frames.NAMED -> sink.named(new String(text, StandardCharsets.UTF_8));
            case Frames.BROKEN -> sink.broken(new String(text, StandardCharsets.UTF_8));
            case Frames.REFUSED -> {
                String said = new String(text, StandardCharsets.UTF_8);
                int space = said.indexOf(' ');
                sink.refused(space < 0 ? said : said.substring(0, space), space < 0 ? "" : said.substring(space + 1));
            }
            default -> {} // data, delivered as it came
        }
    }
}
