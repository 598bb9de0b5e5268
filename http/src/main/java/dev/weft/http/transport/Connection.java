package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, accepted or made. Owner: its loop; every method is called there.
 *
 * <p>Small writes of one turn are put together in one buffer; bytes of a read that fill a good part of its buffer pass without
 * a copy; both leave at the end of the turn. Nothing is read while {@link #reading} is off, so a slow peer slows the other one down.
 */
public final class Connection {

    /** Less is copied, so that what waits for a slow peer takes little more memory than it has bytes. */
    private static final int PASSED_ON_BYTES_MIN = ReadBuffers.CAPACITY / 4;

    private static final int TOGETHER_CAPACITY = 8 * 1024;
    private static final int FIRST_CAPACITY = 1024;
    private static final long LAST_WRITES_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final VarHandle READ = counter("bytesRead");
    private static final VarHandle WRITTEN = counter("bytesWritten");

    private final Loop loop;
    private Channel channel;
    private final Received received = new Received();
    private ConnectionHandler handler;
    private Optional<TlsSession> tls = Optional.empty();
    private @Nullable ByteBuf together;
    private int index = -1;
    private long deadline;
    private long expiresAtMillis = Long.MAX_VALUE;
    private boolean flushPending;
    private boolean opened;
    private boolean closing;
    private boolean lingering;
    private boolean inputEnded;
    private boolean outputEnded;
    private @Nullable Object attachment;
    private boolean closed;
    private @Nullable Runnable afterwards;
    private Closure closure = Closure.PEER;
    private String remoteAddress = "";
    private String peerAddress = "";
    private @Nullable Consumer<Connection> whenOpen;
    private @Nullable Consumer<Closure> whenGone;

    /** Written by the loop, read by whoever counts. */
    private long bytesRead;

    /** Likewise. */
    private long bytesWritten;

    Connection(Loop loop, Channel channel, ConnectionHandler handler) {
        this.loop = loop;
        this.channel = channel;
        this.handler = handler;
        loop.add(this);
    }

    private static VarHandle counter(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(Connection.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the peer has said so far, without TLS's own; safe from any thread. */
    public long bytesRead() {
        return (long) READ.getOpaque(this);
    }

    /** What was written for the peer so far, likewise. */
    public long bytesWritten() {
        return (long) WRITTEN.getOpaque(this);
    }

    /** Whether somebody hears of its end, see {@link #whenGone}. */
    public boolean watched() {
        return whenGone != null;
    }

    /** Has somebody hear of its end, whoever handles it then; at most one. */
    public void whenGone(Consumer<Closure> listener) {
        whenGone = listener;
    }

    /** Has somebody hear that it is open, before its handler does. */
    void whenOpen(Consumer<Connection> listener) {
        whenOpen = listener;
    }

    public Loop loop() {
        return loop;
    }

    /** Who hears of what happens from now on. */
    public void handler(ConnectionHandler next) {
        handler = next;
    }

    /** What the handshake showed; empty for clear text. */
    public Optional<TlsSession> tls() {
        return tls;
    }

    /** Whether the peer's certificate has ended since its handshake; {@code nowMillis} is the time of day. */
    public boolean expired(long nowMillis) {
        return nowMillis > expiresAtMillis;
    }

    /** The peer's numeric {@code address:port}. */
    public String remoteAddress() {
        if (remoteAddress.isEmpty()) {
            remoteAddress = text(channel.remoteAddress());
        }
        return remoteAddress;
    }

    /** From now on this is the peer, {@code address:port}: whoever is at the other end speaks for it. */
    public void client(String address) {
        peerAddress = remoteAddress();
        remoteAddress = address;
    }

    /** The numeric {@code address:port} at the other end, whomever it speaks for. */
    public String peerAddress() {
        return peerAddress.isEmpty() ? remoteAddress() : peerAddress;
    }

    /** Where the peer meant to connect to, whatever packet rules made of that. */
    public InetSocketAddress meantSocket() {
        return OriginalDestination.of(channel);
    }

    public boolean isOpen() {
        return !closed && !closing && channel.isActive();
    }

    /** Whether more may be written; while not, whoever feeds this connection should stop. */
    public boolean writable() {
        return channel.isWritable();
    }

    /** Bytes that were written and that the kernel has not taken yet. */
    public long queuedBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return (queue == null ? 0 : queue.totalPendingWriteBytes()) + (together == null ? 0 : together.readableBytes());
    }

    public void reading(boolean on) {
        if (channel.isOpen() && channel.config().isAutoRead() != on) {
            channel.config().setAutoRead(on);
        }
    }

    /** When {@link ConnectionHandler#timedOut} is to be called, on {@link System#nanoTime()}; 0 for never. */
    public void deadline(long nanos) {
        deadline = nanos;
        if (nanos != 0) {
            loop.watch(nanos);
        }
    }

    long deadline() {
        return deadline;
    }

    public void write(byte[] bytes, int from, int to) {
        if (closed || closing || from == to) {
            return;
        }
        WRITTEN.setOpaque(this, bytesWritten + (to - from));
        room(to - from).writeBytes(bytes, from, to - from);
    }

    /** Passes on bytes that another connection has just received. */
    public void write(Received bytes, int from, int to) {
        int length = to - from;
        if (closed || closing || length == 0) {
            return;
        }
        WRITTEN.setOpaque(this, bytesWritten + length);
        if (length < PASSED_ON_BYTES_MIN) {
            ByteBuf other = bytes.buffer();
            room(length).writeBytes(other, other.readerIndex() + from, length);
        } else {
            pushTogether();
            later();
            var _ = channel.write(bytes.slice(from, to), channel.voidPromise());
        }
    }

    private ByteBuf room(int length) {
        ByteBuf buffer = together;
        if (buffer != null && buffer.readableBytes() + length > TOGETHER_CAPACITY) {
            pushTogether();
            buffer = null;
        }
        if (buffer == null) {
            buffer = channel.alloc().directBuffer(Math.max(length, FIRST_CAPACITY));
            together = buffer;
            later();
        }
        return buffer;
    }

    private void pushTogether() {
        ByteBuf buffer = together;
        if (buffer != null) {
            together = null;
            var _ = channel.write(buffer, channel.voidPromise());
        }
    }

    private void later() {
        if (!flushPending) {
            flushPending = true;
            loop.flushLater(this);
        }
    }

    void flushNow() {
        flushPending = false;
        if (!closed) {
            pushTogether();
            channel.flush();
        }
    }

    /** Hands what was written to the kernel, as much as it takes, and closes at once. */
    public void cutOff() {
        flushNow();
        close();
    }

    /** Drops what was not yet sent and closes at once. */
    public void close() {
        closing = true;
        closure = Closure.HERE;
        boolean active = channel.isActive();
        var _ = channel.close();
        if (!active) {
            ended(); // Netty says so only of channels that had become active
        }
    }

    /**
     * Sends what was written, as slowly as the peer takes it, then says that nothing more comes, and waits a moment for
     * the peer to close: closing while it still sends would make its kernel drop the answer unread. What it sends
     * meanwhile is dropped.
     */
    public void closeAfterWrites() {
        closing = true;
        closure = Closure.HERE;
        if (closed || lingering) {
            return;
        }
        lingering = true;
        ChannelFuture said = sayLast();
        reading(true);
        deadline(System.nanoTime() + LAST_WRITES_NANOS);
        var _ = said.addListener(_ -> shutdownOutput());
    }

    private ChannelFuture sayLast() {
        ByteBuf last = together == null ? channel.alloc().directBuffer(0) : together;
        together = null;
        ChannelFuture said = channel.writeAndFlush(last);
        SslHandler secured = channel.pipeline().get(SslHandler.class);
        return secured == null ? said : secured.closeOutbound(); // so that the peer can tell the end from a cut
    }

    private void shutdownOutput() {
        if (inputEnded) {
            close();
            return;
        }
        deadline(closed ? 0 : System.nanoTime() + LINGER_NANOS);
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            var _ = duplex.shutdownOutput();
        }
    }

    /**
     * Whether from now on the peer's end of input is not the connection's end: the handler hears {@link
     * ConnectionHandler#inputEnded}. Of no effect on TLS: its library answers a peer's {@code close_notify} by ending both
     * directions.
     */
    public void allowHalfClose(boolean allowed) {
        if (channel.pipeline().get(SslHandler.class) == null) {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, allowed);
        }
    }

    /** Hands bytes that an earlier handler had received to the handler of now. */
    public void replay(byte[] bytes, int length) {
        if (length > 0) {
            receive(Unpooled.wrappedBuffer(bytes, 0, length));
        }
    }

    /** The same with the bytes from {@code from} on; where TLS has begun since, they are its. */
    public void replayUnread(byte[] bytes, int from, int to) {
        if (from == to || !isOpen()) {
            return;
        }
        if (!channel.pipeline().get(ChannelEvents.class).secured()) {
            receive(Unpooled.wrappedBuffer(bytes, from, to - from));
        } else {
            channel.pipeline().fireChannelRead(channel.alloc().buffer(to - from).writeBytes(bytes, from, to - from));
            channel.pipeline().fireChannelReadComplete();
        }
    }

    /** Sends what was written, then says that nothing more comes; what the peer sends is still read. */
    public void endOutput() {
        if (closed || closing || outputEnded) {
            return;
        }
        var _ = sayLast().addListener(_ -> {
            outputEnded = true;
            if (inputEnded) {
                close();
            } else if (channel instanceof DuplexChannel duplex && channel.isActive()) {
                var _ = duplex.shutdownOutput();
            }
        });
    }

    /** Drops what was not yet sent and has the peer see that the connection broke. */
    public void reset() {
        if (!closed && channel.isActive() && channel.pipeline().get(SslHandler.class) == null) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }

    /**
     * Speaks TLS from now on, as the accepting side. {@code opened} is called again after the handshake.
     *
     * @param first what came in already: the handshake's beginning
     */
    public void startTls(ServerTls tls, byte[] first, int length) {
        opened = false;
        deadline(System.nanoTime() + ServerTls.HANDSHAKE_NANOS);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.get(ChannelEvents.class).secure();
        pipeline.addFirst(tls.handler(channel));
        reading(true);
        pipeline.fireChannelRead(channel.alloc().buffer(length).writeBytes(first, 0, length));
        pipeline.fireChannelReadComplete();
    }

    /** Whatever the owner wants to remember about this connection. */
    public @Nullable Object attachment() {
        return attachment;
    }

    public void attach(Object remembered) {
        attachment = remembered;
    }

    /** What is to be done when the connection is gone, whoever has it then. */
    public void whenGone(Runnable action) {
        afterwards = action;
    }

    int index() {
        return index;
    }

    void index(int position) {
        index = position;
    }

    Channel channel() {
        return channel;
    }

    /** Goes on with a channel that was made elsewhere, and drops the one that stood for it; false when it is over. */
    boolean continueWith(Channel made) {
        if (closed || closing) {
            return false;
        }
        var _ = channel.close();
        channel = made;
        return true;
    }

    boolean opened() {
        return opened;
    }

    void open(Optional<TlsSession> session) {
        if (!opened && !closed) {
            tls = session;
            expiresAtMillis = session.flatMap(TlsSession::peer)
                    .map(peer -> peer.getNotAfter().toInstant().toEpochMilli())
                    .orElse(Long.MAX_VALUE);
            opened = true;
            deadline = 0;
            if (whenOpen != null) {
                whenOpen.accept(this);
            }
            handler.opened(this);
        }
    }

    /** From the peer. */
    void read(ByteBuf bytes) {
        READ.setOpaque(this, bytesRead + bytes.readableBytes());
        receive(bytes);
    }

    private void receive(ByteBuf bytes) {
        try {
            if (!closed && !lingering) {
                received.over(bytes);
                handler.received(received);
            }
        } finally {
            bytes.release();
        }
    }

    void writabilityChanged() {
        if (opened && !closed) {
            handler.writabilityChanged();
        }
    }

    void endInput() {
        inputEnded = true;
        if (closed || closing) {
            close();
            return;
        }
        handler.inputEnded();
        if (outputEnded) {
            close();
        }
    }

    void expire() {
        deadline = 0;
        if (lingering) {
            close();
        } else if (opened) {
            handler.timedOut();
        } else {
            fail(new Closure(Closure.Kind.NOT_IN_TIME, "not open in time"));
        }
    }

    /** Closes for this reason, unless it is closing already. */
    void fail(Closure why) {
        if (!closing) {
            closing = true;
            closure = why;
        }
        var _ = channel.close();
        if (!channel.isRegistered() || !channel.isActive()) {
            ended();
        }
    }

    void ended() {
        if (closed) {
            return;
        }
        closed = true;
        deadline = 0;
        loop.remove(this);
        if (together != null) {
            together.release();
            together = null;
        }
        if (afterwards != null) {
            afterwards.run();
        }
        if (opened) {
            handler.closed(closure);
        } else {
            handler.neverOpened(this, closure);
        }
        if (whenGone != null) {
            whenGone.accept(closure);
        }
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress socket && socket.getAddress() != null
                ? socket.getAddress().getHostAddress() + ":" + socket.getPort()
                : "";
    }
}
