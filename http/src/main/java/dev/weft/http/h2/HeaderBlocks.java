package dev.weft.http.h2;

import java.util.Arrays;

/** Puts header blocks together that come in several frames (RFC 9113 section 6.10). */
final class HeaderBlocks {

    private static final byte[] NONE = {};

    private final Receiver receiver;
    private final int continuationsMax;
    private final int bytesMax;

    /** Of the block that CONTINUATION frames go on with; 0 when there is none. */
    private int stream;

    private boolean end;
    private boolean dependsOnItself;
    private int continuations;
    private byte[] gathered = NONE;
    private int length;

    HeaderBlocks(Receiver receiver, SessionOptions options) {
        this.receiver = receiver;
        this.continuationsMax = options.floods().continuationFramesMax();
        this.bytesMax = options.headBytesMax();
    }

    int held() {
        return gathered.length;
    }

    boolean underWay() {
        return stream != 0;
    }

    /** Whether this frame may come now: within a block nothing but its continuation, and that nowhere else. */
    boolean allow(int type, int ofStream) {
        return stream == 0 ? type != Frames.CONTINUATION : type == Frames.CONTINUATION && stream == ofStream;
    }

    void headers(int flags, int ofStream, byte[] bytes, int from, int to) {
        boolean padded = (flags & Frames.PADDED) != 0;
        boolean prioritized = (flags & Frames.WITH_PRIORITY) != 0;
        int at = from + (padded ? 1 : 0);
        int last = padded && from < to ? to - (bytes[from] & 0xff) : to;
        int fragment = at + (prioritized ? 5 : 0);
        if (ofStream == 0 || fragment > last) {
            receiver.fail(ErrorType.PROTOCOL_ERROR, "a HEADERS frame is malformed");
            return;
        }
        if (!receiver.possible(ofStream)) {
            receiver.fail(ErrorType.PROTOCOL_ERROR, "a HEADERS frame has an impossible stream number");
            return;
        }
        end = (flags & Frames.END_STREAM) != 0;
        dependsOnItself = prioritized && (Frames.number(bytes, at) & Frames.STREAM_MAX) == ofStream;
        if ((flags & Frames.END_HEADERS) != 0) {
            receiver.block(ofStream, end, dependsOnItself, bytes, fragment, last);
            return;
        }
        stream = ofStream;
        continuations = 0;
        length = 0;
        gather(bytes, fragment, last);
    }

    void continuation(int flags, byte[] bytes, int from, int to) {
        if (++continuations > continuationsMax || length + to - from > bytesMax) {
            receiver.fail(ErrorType.ENHANCE_YOUR_CALM, "a header block is longer than allowed");
            return;
        }
        gather(bytes, from, to);
        if ((flags & Frames.END_HEADERS) != 0) {
            int ofStream = stream;
            byte[] whole = gathered;
            stream = 0;
            gathered = NONE; // an idle connection holds nothing
            receiver.block(ofStream, end, dependsOnItself, whole, 0, length);
        }
    }

    private void gather(byte[] bytes, int from, int to) {
        int more = to - from;
        if (length + more > gathered.length) {
            gathered = Arrays.copyOf(gathered, Math.max(gathered.length * 2, length + more));
        }
        System.arraycopy(bytes, from, gathered, length, more);
        length += more;
    }
}
