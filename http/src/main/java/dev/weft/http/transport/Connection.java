package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, accepted or made. Owner: its loop; every method is called there.
 *
 * <p>What is written leaves at the end of the turn ({@link Writes}). Nothing is read while {@link #reading} is off, so a slow
 * peer slows the other one down.
 */
public final class Connection {

    private final Loop loop;
    private Channel channel;
    private final Received received = new Received();
    private ConnectionHandler handler;
    private Optional<TlsSession> tls = Optional.empty();
    private long peerEndsMillis = Long.MAX_VALUE; // asked for each request
    private final Writes writes = new Writes(this);
    private final Farewell farewell = new Farewell(this, writes);
    private final Places places = new Places(this);
    private final AtomicLong bytesRead = new AtomicLong();
    private int index = -1;
    private long deadline;
    private boolean opened;
    private boolean closing;
    private boolean inputEnded;
    private @Nullable Object attachment;
    private boolean closed;
    private @Nullable Runnable afterwards;
    private Closure closure = Closure.PEER;
    private @Nullable Consumer<Connection> whenOpen;
    private @Nullable Consumer<Closure> whenGone;

    Connection(Loop loop, Channel channel, ConnectionHandler handler) {
        this.loop = loop;
        this.channel = channel;
        this.handler = handler;
        loop.add(this);
    }

    /** What the peer has said so far, without TLS's own; safe from any thread. */
    public long bytesRead() {
        return bytesRead.getOpaque();
    }

    /** What was written for the peer so far, likewise. */
    public long bytesWritten() {
        return writes.bytes();
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
        return nowMillis > peerEndsMillis;
    }

    /** The peer's numeric {@code address:port}. */
    public String remoteAddress() {
        return places.client();
    }

    /** From now on this is the peer, {@code address:port}: whoever is at the other end speaks for it. */
    public void client(String address) {
        places.client(address);
    }

    /** The numeric {@code address:port} at the other end, whomever it speaks for. */
    public String peerAddress() {
        return places.peer();
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

    /** From how many queued bytes on it is no more {@link #writable}, until half of them are taken. */
    public void queuedBytesMax(int bytes) {
        if (channel.config().getWriteBufferHighWaterMark() != bytes) {
            channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(bytes / 2, bytes));
        }
    }

    /** Bytes that were written and that the kernel has not taken yet. */
    public long queuedBytes() {
        return writes.queued();
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
        if (!closed && !closing && from != to) {
            writes.add(bytes, from, to);
        }
    }

    /** Passes on bytes that another connection has just received. */
    public void write(Received bytes, int from, int to) {
        if (!closed && !closing && from != to) {
            writes.add(bytes, from, to);
        }
    }

    void flushNow() {
        writes.flush(!closed);
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
        if (!closed && !farewell.lingering()) {
            farewell.linger();
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
            arrive(bytes, from, to);
        }
    }

    /** Sends what was written, then says that nothing more comes; what the peer sends is still read. */
    public void endOutput() {
        if (!closed && !closing && !farewell.outputEnded()) {
            farewell.endOutput();
        }
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
     * @param patienceNanos for the handshake
     */
    public void startTls(ServerTls tls, byte[] first, int length, long patienceNanos) {
        opened = false;
        deadline(System.nanoTime() + patienceNanos);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.get(ChannelEvents.class).secure();
        pipeline.addFirst(tls.handler(channel));
        reading(true);
        arrive(first, 0, length);
    }

    /** As if the peer had just sent it. */
    private void arrive(byte[] bytes, int from, int to) {
        channel.pipeline().fireChannelRead(channel.alloc().buffer(to - from).writeBytes(bytes, from, to - from));
        channel.pipeline().fireChannelReadComplete();
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

    /** Whether the peer will send nothing more. */
    boolean inputEnded() {
        return inputEnded;
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
            peerEndsMillis = session.flatMap(TlsSession::peer)
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
        bytesRead.setOpaque(bytesRead.getPlain() + bytes.readableBytes());
        receive(bytes);
    }

    private void receive(ByteBuf bytes) {
        try {
            if (!closed && !farewell.lingering()) {
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
        if (farewell.outputEnded()) {
            close();
        }
    }

    void expire() {
        deadline = 0;
        if (farewell.lingering()) {
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
        writes.drop();
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
}
