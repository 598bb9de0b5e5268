package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Has all connections of a loop read into the same buffer, one after the other: what was read is mostly copied or passed
 * over before the next read, and then nothing was allocated for it. Where somebody keeps a part, the buffer is his, and the
 * next read gets another. Owner: the loop.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {

    /** What one read takes at most. */
    static final int CAPACITY = 64 * 1024;

    private final ByteBufAllocator allocator;
    private ByteBuf buffer;

    ReadBuffers(ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.buffer = allocator.directBuffer(CAPACITY, CAPACITY);
    }

    private ByteBuf next() {
        if (buffer.refCnt() > 1) { // a part of it is still to be written, or waits for the rest of a TLS record
            buffer.release();
            buffer = allocator.directBuffer(CAPACITY, CAPACITY);
        }
        return buffer.clear().retain();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty has deprecated the type and still asks for it here
    public Handle newHandle() {
        return new Reading();
    }

    private final class Reading extends MaxMessageHandle {

        @Override
        public ByteBuf allocate(ByteBufAllocator unused) {
            return next();
        }

        @Override
        public int guess() {
            return CAPACITY;
        }
    }
}
