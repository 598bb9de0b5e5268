package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Bytes that have just been read. One object for each connection, valid only during the call that hands it over. */
public final class Received {

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

    Received() {}

    /** These bytes, as if they had just been read; for whoever reads what was kept. */
    public static Received of(byte[] bytes, int from, int to) {
        Received received = new Received();
        received.over(Unpooled.wrappedBuffer(bytes, from, to - from));
        return received;
    }

    void over(ByteBuf bytes) {
        buffer = bytes;
    }

    ByteBuf slice(int from, int to) {
        return buffer.retainedSlice(buffer.readerIndex() + from, to - from);
    }

    ByteBuf buffer() {
        return buffer;
    }

    public int length() {
        return buffer.readableBytes();
    }

    public byte at(int index) {
        return buffer.getByte(buffer.readerIndex() + index);
    }

    /** Copies bytes {@code from} to {@code to}. */
    public void copy(int from, int to, byte[] out, int at) {
        buffer.getBytes(buffer.readerIndex() + from, out, at, to - from);
    }
}
