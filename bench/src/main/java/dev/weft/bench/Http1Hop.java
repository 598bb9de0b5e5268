package dev.weft.bench;

import dev.weft.cli.snapshot.FixedSnapshot;
import dev.weft.cli.snapshot.LoneAuthority;
import dev.weft.cli.snapshot.ProxyMetrics;
import dev.weft.proxy.Proxy;
import dev.weft.proxy.ProxyOptions;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One HTTP/1.1 request through the whole data plane as {@code weft proxy} runs it, with its counters, over real sockets.
 * Its client and its server allocate nothing for a request, so that the allocation of all threads is the proxy's. The
 * time is mostly the kernel's and the waking of threads: it is {@code bench/compare} that measures time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Http1Hop {

    private static final int HEAD_END = 4;
    private static final int STATUS = 9;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final ByteBuffer request = direct(Routes.REQUEST);
    private final ByteBuffer in = ByteBuffer.allocateDirect(4096);
    private final ServerSocketChannel listening = listening();
    private final Proxy proxy = proxy(listening.socket().getLocalPort());
    private @Nullable SocketChannel client;

    /** Begins to serve. */
    @Setup
    public void begin() throws IOException {
        Thread.ofPlatform().daemon().start(this::serve);
        proxy.start();
        int port = proxy.ports().getOrDefault("http", 0);
        client = SocketChannel.open(new InetSocketAddress(LOOPBACK, port));
    }

    /** Ends all. */
    @TearDown
    public void end() throws IOException {
        client().close();
        proxy.close();
        listening.close();
    }

    /** One request and its answer. */
    @Benchmark
    public int request() throws IOException {
        SocketChannel connection = client();
        connection.write(request.rewind());
        in.clear();
        while (!ended(in)) {
            if (connection.read(in) < 0) {
                throw new EOFException("the proxy closed the connection");
            }
        }
        if (in.get(STATUS) != '2') {
            throw new IllegalStateException("refused");
        }
        return in.position();
    }

    private SocketChannel client() {
        SocketChannel open = client;
        if (open == null) {
            throw new IllegalStateException("not begun");
        }
        return open;
    }

    /** Answers each head on the one connection that a proxy with one client makes. */
    private void serve() {
        ByteBuffer answer = direct(Routes.ANSWER);
        ByteBuffer heads = ByteBuffer.allocateDirect(4096);
        while (true) {
            try (SocketChannel accepted = listening.accept()) {
                while (accepted.read(heads) >= 0) {
                    if (ended(heads)) {
                        heads.clear();
                        accepted.write(answer.rewind());
                    }
                }
            } catch (AsynchronousCloseException _) {
                return;
            } catch (IOException _) {
                heads.clear(); // gone; another may come
            }
        }
    }

    private static boolean ended(ByteBuffer head) {
        int at = head.position();
        return at > HEAD_END && head.get(at - 1) == '\n' && head.get(at - 3) == '\n';
    }

    private static Proxy proxy(int backend) {
        FixedSnapshot snapshot = new FixedSnapshot(Routes.snapshot(0, backend));
        return new Proxy(
                new ProxyOptions(1),
                snapshot,
                (service, patience) -> CompletableFuture.failedFuture(new IllegalStateException("nothing sleeps here")),
                ProxyMetrics.start(snapshot, 0).listener(),
                LoneAuthority.create());
    }

    private static ServerSocketChannel listening() {
        try {
            return ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes);
    }
}
