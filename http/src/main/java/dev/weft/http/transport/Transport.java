package dev.weft.http.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops of one data plane, and the listeners on them. Loops use epoll where there is epoll, else NIO.
 *
 * <p>A listener is one socket and not one for each loop: with SO_REUSEPORT a port that another process of the same user
 * holds would seem free.
 */
public final class Transport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    /**
     * A loop that requests keep busy has long turns, so each accepts many. Netty by itself accepts one: it takes the number
     * of the new descriptor for a count of bytes, and concludes that nothing more is waiting.
     */
    private static final int ACCEPTS_PER_TURN = 256;

    /** As many may wait to be accepted. */
    private static final int BACKLOG = 4096;

    private static final int LOOP_CONNECTIONS_MAX = 50_000;

    static {
        // Netty's checks of every access to a buffer and its sampling for leaks cost a tenth of a request; buffers stay
        // within this package. Whoever hunts a fault there sets them on the command line.
        defaultProperty("io.netty.leakDetection.level", "disabled");
        defaultProperty("io.netty.buffer.checkAccessible", "false");
        defaultProperty("io.netty.buffer.checkBounds", "false");
        // Chunks of 1 MiB in place of 4: a loop has mostly less than that in its buffers, and none is larger than a
        // read.
        defaultProperty("io.netty.allocator.maxOrder", "7");
        defaultProperty("io.netty.jfr.enabled", "false"); // nobody listens, and the recorder's classes are many
    }

    /** Gives every accepted connection its handler. */
    public interface Acceptor {

        /** Called on the connection's loop, before the handshake if there is one. */
        ConnectionHandler accepted(Loop loop);
    }

    private final boolean epoll = Epoll.isAvailable();
    private final MultiThreadIoEventLoopGroup group;
    private final List<Loop> loops = new ArrayList<>();
    private final IdentityHashMap<EventLoop, Loop> byNetty = new IdentityHashMap<>();
    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong bugs = new AtomicLong();
    private volatile @Nullable WireCapture capture;

    /** Starts the loops' threads on first use. */
    public Transport(int loopCount) {
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(loopCount, new DefaultThreadFactory("weft-loop"), factory);
        for (int i = 0; i < loopCount; i++) {
            IoEventLoop netty = group.next();
            Loop loop = new Loop(i, netty, this, new ReadBuffers(allocator));
            loops.add(loop);
            byNetty.put(netty, loop);
        }
    }

    void countBug() {
        bugs.incrementAndGet();
    }

    /** How often code on a loop failed in a way that nobody expected; the log has each. From any thread. */
    public long bugs() {
        return bugs.get();
    }

    public List<Loop> loops() {
        return List.copyOf(loops);
    }

    /**
     * Binds a port. Blocks for a moment, so never call it on a loop.
     *
     * @param port 0 for any
     * @throws IOException when the port cannot be bound; the message says why
     */
    public Listener listen(String address, int port, Optional<ServerTls> tls, Acceptor acceptor) throws IOException {
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ChannelFuture bound = accepting(tls, acceptor)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .bind(address, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ":" + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return new Listener(bound.channel());
    }

    /**
     * Accepts on a socket that listens already; blocks for a moment, so never call it on a loop.
     *
     * @param descriptor does not block (O_NONBLOCK), or the loop would hang at accept; the listener's own from now on, who
     *     closes it in the end, and at once when this fails
     * @throws IOException when nothing can be accepted there
     */
    public Listener adopt(int descriptor, Acceptor acceptor) throws IOException {
        if (!epoll) {
            throw new IOException("a descriptor can be listened on with epoll alone, which is missing here");
        }
        ChannelFuture registered = accepting(Optional.empty(), acceptor)
                .channelFactory(() -> over(descriptor))
                .register()
                .awaitUninterruptibly();
        if (!registered.isSuccess()) {
            throw new IOException("cannot accept on descriptor " + descriptor, registered.cause());
        }
        return new Listener(registered.channel());
    }

    /** Netty closes the descriptors of its channels, and here is none yet when this fails. */
    private static ServerChannel over(int descriptor) {
        try {
            return new EpollServerSocketChannel(descriptor);
        } catch (RuntimeException e) {
            try {
                new FileDescriptor(descriptor).close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private ServerBootstrap accepting(Optional<ServerTls> tls, Acceptor acceptor) {
        return new ServerBootstrap()
                .group(group)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator()
                                .respectMaybeMoreData(false)
                                .maxMessagesPerRead(ACCEPTS_PER_TURN))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childHandler(new Accepting(tls, acceptor));
    }

    /** Records, from now on, what goes over every new mesh connection; idle ones should be closed by the caller. */
    public WireCapture capture(int bytesMaxPerDirection, int connectionsMax) {
        WireCapture started = new WireCapture(bytesMaxPerDirection, connectionsMax, ended -> {
            if (capture == ended) {
                capture = null;
            }
        });
        capture = started;
        return started;
    }

    /** Bytes that were written to any connection and that the kernel has not taken yet; asks every loop. */
    public long queuedBytes() {
        return loops.stream()
                .map(loop -> {
                    CompletableFuture<Long> sum = new CompletableFuture<>();
                    if (!loop.execute(() -> sum.complete(loop.queuedBytes()))) {
                        sum.complete(0L);
                    }
                    return sum;
                })
                .mapToLong(CompletableFuture::join)
                .sum();
    }

    /** Closes every connection and ends the loops; waits for them. */
    @Override
    public void close() {
        loops.forEach(loop -> loop.execute(loop::closeAll));
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    Channel newChannel(Loop loop) {
        Channel channel = epoll ? new EpollSocketChannel() : new NioSocketChannel();
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setAllocator(allocator);
        channel.config().setRecvByteBufAllocator(loop.readBuffers());
        EpollSet.keep(channel);
        return channel;
    }

    void captureFirst(ChannelPipeline pipeline, boolean accepted) {
        WireCapture running = capture;
        if (running != null) {
            running.install(pipeline, accepted);
        }
    }

    private static void defaultProperty(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    /** Said at the first, the second, the fourth and so on: whoever is flooded needs no flood in his log. */
    private void turnAway(Channel channel) {
        var _ = channel.close();
        long all = turnedAway.incrementAndGet();
        if (Long.bitCount(all) == 1) {
            LOG.warn(
                    "{} connections turned away so far: their loop had {} already, its limit",
                    all,
                    LOOP_CONNECTIONS_MAX);
        }
    }

    /** Sets up an accepted channel, on its loop. */
    private final class Accepting extends ChannelInitializer<Channel> {

        private final Optional<ServerTls> tls;
        private final Acceptor acceptor;

        Accepting(Optional<ServerTls> tls, Acceptor acceptor) {
            this.tls = tls;
            this.acceptor = acceptor;
        }

        @Override
        protected void initChannel(Channel channel) {
            Loop loop = byNetty.get(channel.eventLoop());
            if (loop == null || loop.connectionCount() >= LOOP_CONNECTIONS_MAX) {
                turnAway(channel);
                return;
            }
            channel.config().setRecvByteBufAllocator(loop.readBuffers());
            EpollSet.keep(channel);
            Connection connection = new Connection(loop, channel, acceptor.accepted(loop));
            ChannelPipeline pipeline = channel.pipeline();
            if (tls.isPresent()) {
                pipeline.addLast(tls.get().handler(channel));
                connection.deadline(System.nanoTime() + ServerTls.HANDSHAKE_NANOS);
                if (tls.get().mesh()) {
                    captureFirst(pipeline, true);
                }
            }
            pipeline.addLast(new ChannelEvents(connection, tls.isPresent()));
        }
    }
}
