package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.SessionOptions;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever reads slowly stops whoever sends, through every hop, and the proxies hold less than a mebibyte meanwhile. */
@Timeout(120)
class BuffersTest {

    /** Far more than the kernel takes for the sockets between the two ends. */
    private static final long LARGE_BYTES = 96L * 1024 * 1024;

    private static final long HELD_BYTES_MAX = 1024 * 1024;

    /** What the kernel takes for an end, whatever the machine's limits are. */
    private static final int END_BYTES = 128 * 1024;

    private static final byte[] BLOCK = new byte[64 * 1024];

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();
    private final AtomicLong passed = new AtomicLong();
    private final CountDownLatch reading = new CountDownLatch(1);
    private long most;

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    /** A program that sends as much as it can, or reads nothing until it may. */
    private void program(boolean sends) throws IOException {
        Upstream program = stage.upstream((peer, _) -> {
            small(peer.socket());
            peer.readHead();
            if (sends) {
                peer.send("HTTP/1.1 200 OK|Content-Length: " + LARGE_BYTES + "||");
                send(peer.socket().getOutputStream());
            } else {
                await(reading);
                drain(peer.in());
                peer.send("HTTP/1.1 200 OK|Content-Length: 0||");
            }
            peer.read(1);
        });
        Timeouts patient = Timeouts.ofRequest(Duration.ofMinutes(2));
        stage.scene
                .edge(edge)
                .host("shop.test", "shop", patient, RetryPolicy.NONE)
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("shop", "127.1.0.2", Ports.free(), inbound, program.port())
                .group(
                        "shop",
                        new Endpoint(
                                "127.1.0.2", inbound, Optional.of(Scene.workload("shop")), Endpoint.Transport.MESH));
        stage.show();
    }

    private static void small(Socket end) throws IOException {
        end.setReceiveBufferSize(END_BYTES);
        end.setSendBufferSize(END_BYTES);
    }

    private void send(OutputStream out) throws IOException {
        for (long left = LARGE_BYTES; left > 0; left -= BLOCK.length) {
            out.write(BLOCK);
            passed.addAndGet(BLOCK.length);
        }
    }

    private static void drain(InputStream in) throws IOException {
        in.skipNBytes(LARGE_BYTES);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Nothing has moved for a while, and it is not the end. */
    private void awaitStandstill() {
        for (int still = 0; still < 20; ) {
            long before = passed.get();
            LockSupport.parkNanos(50_000_000);
            most = Math.max(most, stage.proxy.queuedBytes());
            still = passed.get() == before && before > 0 ? still + 1 : 0;
        }
        assertThat(passed.get()).isLessThan(LARGE_BYTES / 2);
    }

    /** Looks, until the rest has passed, how much is held. */
    private Closeable watching() {
        AtomicBoolean over = new AtomicBoolean();
        Thread watcher = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                most = Math.max(most, stage.proxy.queuedBytes());
                LockSupport.parkNanos(2_000_000);
            }
        });
        return () -> {
            over.set(true);
            try {
                watcher.join();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            assertThat(most).isLessThan(HELD_BYTES_MAX);
        };
    }

    @Test
    void ofAnAnswerThatItsClientDoesNotRead() throws IOException {
        program(true);
        Client client = stage.client(edge);
        small(client.socket());
        client.send("GET / HTTP/1.1|Host: shop.test||");
        awaitStandstill();
        try (Closeable _ = watching()) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            drain(client.in());
        }
    }

    @Test
    void ofARequestThatItsProgramDoesNotRead() throws Exception {
        program(false);
        Client client = stage.client(edge);
        small(client.socket());
        client.send("POST / HTTP/1.1|Host: shop.test|Content-Length: " + LARGE_BYTES + "||");
        Thread sender = sender(client.socket().getOutputStream());
        awaitStandstill();
        try (Closeable _ = watching()) {
            reading.countDown();
            assertThat(client.read().status()).isEqualTo(200);
        }
        sender.join();
    }

    @Test
    void ofATunnelWhoseReaderSleeps() throws Exception {
        Upstream sleeper = stage.upstream((peer, _) -> {
            small(peer.socket());
            peer.read(1);
            await(reading);
            drain(peer.in());
            peer.send("x");
        });
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, sleeper.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        stage.show();
        Client client = stage.client("127.1.0.1", outbound).send("CONNECT quote:80 HTTP/1.1|Host: quote:80||");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        small(client.socket());
        client.send("x");
        Thread sender = sender(client.socket().getOutputStream());
        awaitStandstill();
        try (Closeable _ = watching()) {
            reading.countDown();
            assertThat(client.read(1)).isEqualTo("x");
        }
        sender.join();
    }

    @Test
    void ofAStreamWhoseClientGivesNoWindow() throws IOException {
        program(true);
        Socket socket = stage.closing(new Socket(InetAddress.getLoopbackAddress(), edge));
        small(socket);
        StreamClient client = stage.closing(
                        new StreamClient(socket, SessionOptions.DEFAULT.scheme("http"), Duration.ofSeconds(60)))
                .settle();
        int stream = client.get("shop.test", "/");
        awaitStandstill();
        client.cancel(stream);
        assertThat(most).isLessThan(HELD_BYTES_MAX);
    }

    private Thread sender(OutputStream out) {
        return Thread.ofVirtual().start(() -> {
            try {
                send(out);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
