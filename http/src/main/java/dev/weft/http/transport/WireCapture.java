package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A record of the bytes as they stand on the sockets of mesh connections, below TLS: what anybody on the wire would see.
 * Bounded in connections and in bytes for each. Owner of the list and the bytes: {@code lock}, as loops write and any
 * thread reads.
 */
public final class WireCapture implements AutoCloseable {

    private final int bytesMax;
    private final int connectionsMax;
    private final Consumer<WireCapture> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Tap> taps = new ArrayList<>();

    WireCapture(int bytesMax, int connectionsMax, Consumer<WireCapture> onClose) {
        this.bytesMax = bytesMax;
        this.connectionsMax = connectionsMax;
        this.onClose = onClose;
    }

    /**
     * The wire of one connection, as one of its ends saw it.
     *
     * @param accepted whether it was accepted here or made here
     * @param received the first bytes that came in, one character each (ISO-8859-1)
     * @param sent the first bytes that went out, likewise
     */
    public record Wire(String local, String remote, boolean accepted, String received, String sent) {}

    /** What has been recorded so far. */
    public List<Wire> wires() {
        lock.lock();
        try {
            return taps.stream().map(Tap::wire).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Records no new connections. */
    @Override
    public void close() {
        onClose.accept(this);
    }

    void install(ChannelPipeline pipeline, boolean accepted) {
        lock.lock();
        try {
            if (taps.size() < connectionsMax) {
                Tap tap = new Tap(accepted);
                taps.add(tap);
                pipeline.addFirst(tap);
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Tap extends ChannelDuplexHandler {

        private final boolean accepted;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private String local = "";
        private String remote = "";

        Tap(boolean accepted) {
            this.accepted = accepted;
        }

        private static String text(ByteArrayOutputStream bytes) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }

        Wire wire() {
            return new Wire(local, remote, accepted, text(received), text(sent));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            record(context, (ByteBuf) message, received);
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            record(context, (ByteBuf) message, sent);
            var _ = context.write(message, promise);
        }

        private void record(ChannelHandlerContext context, ByteBuf bytes, ByteArrayOutputStream into) {
            lock.lock();
            try {
                if (local.isEmpty()) {
                    local = String.valueOf(context.channel().localAddress());
                    remote = String.valueOf(context.channel().remoteAddress());
                }
                int length = Math.min(bytes.readableBytes(), bytesMax - into.size());
                for (int i = 0; i < length; i++) {
                    into.write(bytes.getByte(bytes.readerIndex() + i));
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
