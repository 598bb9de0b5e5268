package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of the loop writes to one connection: small pieces are put together in one buffer, bytes of a read that fill a
 * good part of its buffer pass without a copy, and both leave at the end of the turn. Owner: the connection's loop.
 */
final class Writes {

    /** Less is copied, so that what waits for a slow peer takes little more memory than it has bytes. */
    private static final int PASSED_ON_BYTES_MIN = ReadBuffers.CAPACITY / 4;

    private static final int TOGETHER_CAPACITY = 8 * 1024;
    private static final int FIRST_CAPACITY = 1024;

    private final Connection connection;

    /** Written by the loop, read by whoever counts. */
    private final AtomicLong written = new AtomicLong();

    private @Nullable ByteBuf together;
    private boolean flushPending;

    Writes(Connection connection) {
        this.connection = connection;
    }

    /** Of the whole connection so far; safe from any thread. */
    long bytes() {
        return written.getOpaque();
    }

    void add(byte[] bytes, int from, int to) {
        count(to - from);
        room(to - from).writeBytes(bytes, from, to - from);
    }

    /** Passes on bytes that another connection has just received. */
    void add(Received bytes, int from, int to) {
        int length = to - from;
        count(length);
        if (length < PASSED_ON_BYTES_MIN) {
            ByteBuf other = bytes.buffer();
            room(length).writeBytes(other, other.readerIndex() + from, length);
        } else {
            push();
            later();
            Channel channel = connection.channel();
            var _ = channel.write(bytes.slice(from, to), channel.voidPromise());
        }
    }

    private void count(int bytes) {
        written.setOpaque(written.getPlain() + bytes);
    }

    private ByteBuf room(int length) {
        ByteBuf buffer = together;
        if (buffer != null && buffer.readableBytes() + length > TOGETHER_CAPACITY) {
            push();
            buffer = null;
        }
        if (buffer == null) {
            buffer = connection.channel().alloc().directBuffer(Math.max(length, FIRST_CAPACITY));
            together = buffer;
            later();
        }
        return buffer;
    }

    private void push() {
        ByteBuf buffer = together;
        if (buffer != null) {
            together = null;
            Channel channel = connection.channel();
            var _ = channel.write(buffer, channel.voidPromise());
        }
    }

    private void later() {
        if (!flushPending) {
            flushPending = true;
            connection.loop().flushLater(connection);
        }
    }

    /** The turn is over, and the connection may be. */
    void flush(boolean open) {
        flushPending = false;
        if (open) {
            push();
            connection.channel().flush();
        }
    }

    /** What is not with the channel yet, for whoever writes it now; may be empty. */
    ByteBuf take() {
        ByteBuf last = together;
        together = null;
        return last == null ? connection.channel().alloc().directBuffer(0) : last;
    }

    /** Nobody gets it any more. */
    void drop() {
        if (together != null) {
            together.release();
            together = null;
        }
    }

    /** Bytes that the kernel has not taken yet. */
    long queued() {
        ChannelOutboundBuffer queue = connection.channel().unsafe().outboundBuffer();
        return (queue == null ? 0 : queue.totalPendingWriteBytes()) + (together == null ? 0 : together.readableBytes());
    }
}
