package dev.weft.http.h2;

import java.nio.charset.StandardCharsets;

/**
 * Cuts bytes into frames, however they arrive. A whole frame within the bytes given is not copied; DATA passes by in
 * parts.
 */
final class FrameReader {

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NONE = {};

    private enum Phase {
        PREFACE,
        HEADER,
        PAYLOAD,
        PAD_LENGTH,
        DATA,
        PADDING
    }

    private final Receiver receiver;
    private Phase phase;
    private final byte[] header = new byte[Frames.HEADER_BYTES];
    private byte[] gathered = NONE;

    /** Of the preface, the frame's header or its payload: how much was gathered. */
    private int have;

    private int length;
    private int type;
    private int flags;
    private int stream;
    private int dataLeft;
    private int padding;
    private int begun;

    FrameReader(Receiver receiver, boolean server) {
        this.receiver = receiver;
        this.phase = server ? Phase.PREFACE : Phase.HEADER;
    }

    int held() {
        return gathered.length;
    }

    /** Whether a frame other than DATA, or the preface, has begun and not ended. */
    boolean underWay() {
        return switch (phase) {
            case PREFACE, PAYLOAD -> true;
            case HEADER -> have > 0;
            case PAD_LENGTH, DATA, PADDING -> false;
        };
    }

    /** Frames that have begun so far; the number may wrap. */
    int begun() {
        return begun;
    }

    /** Until all is read or the connection is broken. */
    void read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !receiver.broken()) {
            at = switch (phase) {
                case PREFACE -> preface(bytes, at, to);
                case HEADER -> header(bytes, at, to);
                case PAYLOAD -> payload(bytes, at, to);
                case PAD_LENGTH -> padLength(bytes[at] & 0xff, at + 1);
                case DATA -> data(bytes, at, to);
                case PADDING -> padding(at, to);
            };
        }
    }

    private int preface(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && have < PREFACE.length) {
            if (bytes[at++] != PREFACE[have++]) {
                receiver.fail(ErrorType.PROTOCOL_ERROR, "the connection preface is not HTTP/2's");
                return to;
            }
        }
        if (have == PREFACE.length) {
            have = 0;
            phase = Phase.HEADER;
        }
        return at;
    }

    private int header(byte[] bytes, int from, int to) {
        if (have == 0 && to - from >= Frames.HEADER_BYTES) {
            begin(bytes, from);
            return from + Frames.HEADER_BYTES;
        }
        int more = Math.min(Frames.HEADER_BYTES - have, to - from);
        System.arraycopy(bytes, from, header, have, more);
        have += more;
        if (have == Frames.HEADER_BYTES) {
            have = 0;
            begin(header, 0);
        }
        return from + more;
    }

    private void begin(byte[] bytes, int at) {
        begun++;
        int first = Frames.number(bytes, at);
        length = first >>> 8;
        type = first & 0xff;
        flags = bytes[at + 4] & 0xff;
        stream = Frames.number(bytes, at + 5) & Frames.STREAM_MAX;
        if (!receiver.begins(type, flags, stream, length)) {
            return;
        }
        if (type == Frames.DATA) {
            if ((flags & Frames.PADDED) == 0) {
                padding = 0;
                dataBegins(length);
            } else if (length > 0) {
                phase = Phase.PAD_LENGTH;
            } else {
                receiver.fail(ErrorType.FRAME_SIZE_ERROR, "a padded DATA frame has no pad length");
            }
        } else if (length == 0) {
            receiver.frame(type, flags, stream, bytes, at, at);
        } else {
            phase = Phase.PAYLOAD;
        }
    }

    private int payload(byte[] bytes, int from, int to) {
        if (have == 0 && to - from >= length) {
            phase = Phase.HEADER;
            receiver.frame(type, flags, stream, bytes, from, from + length);
            return from + length;
        }
        if (gathered.length < length) {
            gathered = new byte[length];
        }
        int more = Math.min(length - have, to - from);
        System.arraycopy(bytes, from, gathered, have, more);
        have += more;
        if (have == length) {
            byte[] whole = gathered;
            have = 0;
            gathered = NONE; // an idle connection holds nothing
            phase = Phase.HEADER;
            receiver.frame(type, flags, stream, whole, 0, length);
        }
        return from + more;
    }

    private int padLength(int pad, int at) {
        if (pad >= length) {
            receiver.fail(ErrorType.PROTOCOL_ERROR, "the padding is longer than its frame");
            return at;
        }
        padding = pad;
        dataBegins(length - 1 - pad);
        return at;
    }

    private void dataBegins(int bytes) {
        dataLeft = bytes;
        phase = dataLeft > 0 ? Phase.DATA : padding > 0 ? Phase.PADDING : Phase.HEADER;
        receiver.dataBegins(stream, flags, length, bytes);
    }

    private int data(byte[] bytes, int from, int to) {
        int more = Math.min(dataLeft, to - from);
        dataLeft -= more;
        if (dataLeft == 0) {
            phase = padding > 0 ? Phase.PADDING : Phase.HEADER;
        }
        receiver.data(bytes, from, from + more, dataLeft == 0);
        return from + more;
    }

    private int padding(int from, int to) {
        int more = Math.min(padding, to - from);
        padding -= more;
        if (padding == 0) {
            phase = Phase.HEADER;
        }
        return from + more;
    }
}
