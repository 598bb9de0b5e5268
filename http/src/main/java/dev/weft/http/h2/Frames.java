package dev.weft.http.h2;

/** The numbers of RFC 9113 sections 6 and 7. */
final class Frames {

    static final int HEADER_BYTES = 9;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int PRIORITY_UPDATE = 16;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int WITH_PRIORITY = 32;

    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;
    static final int ENABLE_CONNECT_PROTOCOL = 8;

    /** What both sides start with. */
    static final int WINDOW_FIRST = 65_535;

    static final int FRAME_BYTES_FIRST = 16_384;
    static final int FRAME_BYTES_MOST = (1 << 24) - 1;
    static final int HEADER_TABLE_FIRST = 4_096;
    static final int STREAM_MAX = Integer.MAX_VALUE;

    private Frames() {}

    static void header(byte[] out, int at, int length, int type, int flags, int stream) {
        Characters.INT.set(out, at, (length << 8) | type);
        out[at + 4] = (byte) flags;
        Characters.INT.set(out, at + 5, stream);
    }

    static int number(byte[] bytes, int at) {
        return (int) Characters.INT.get(bytes, at);
    }
}
