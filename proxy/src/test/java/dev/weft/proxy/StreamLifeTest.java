package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.h2.Session;
import dev.weft.http.h2.SessionOptions;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How HTTP/2 connections live and end, towards endpoints and towards clients. */
class StreamLifeTest {

    private static final String CALL =
            "POST /pkg.Service/Method HTTP/1.1|host: shop.test|content-type: application/grpc||";
    private static final String OK = "HTTP/1.1 200 OK|grpc-status: 0||";
    private static final int ALL_STREAMS = Integer.MAX_VALUE;

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @BeforeEach
    void open() {
        stage.scene.edge(port);
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private StreamUpstream shop(Timeouts timeouts, StreamUpstream.Script script) throws IOException {
        StreamUpstream shop = stage.closing(new StreamUpstream(script));
        show(timeouts, shop.port());
        return shop;
    }

    private void show(Timeouts timeouts, int upstream) {
        stage.scene.host("shop.test", "shop", timeouts, RetryPolicy.NONE).group("shop", Scene.plain(upstream));
        stage.show();
    }

    private StreamClient client() throws IOException {
        return stage.closing(new StreamClient(port));
    }

    @Test
    void saysGoodbyeToAnEndpointThatHasNothingToDoForTooLong() throws IOException {
        Timeouts timeouts = Timeouts.DEFAULT.withIdleConnection(Duration.ofMillis(200));
        StreamUpstream shop = shop(timeouts, (peer, stream, _, _) -> peer.answer(stream, OK, ""));
        StreamClient client = client();
        assertThat(client.read(client.open(CALL, true)).head).contains("grpc-status: 0");
        Stage.await(() -> shop.farewells.size() == 1 && shop.closed.get() == 1);
        assertThat(client.read(client.open(CALL, true)).head).contains("grpc-status: 0");
        assertThat(shop.peers).hasSize(2);
        assertThat(stage.outcomes.all())
                .allSatisfy(each -> assertThat(each.attempts()).hasSize(1));
    }

    @Test
    void keepsAConnectionWhileAStreamOnItIsUnderWay() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        Timeouts timeouts = Timeouts.ofRequest(Duration.ZERO).withIdleConnection(Duration.ofMillis(50));
        StreamUpstream shop = shop(
                timeouts,
                (peer, stream, _, _) -> Thread.ofVirtual().start(() -> {
                    await(go);
                    peer.answer(stream, OK, "");
                }));
        StreamClient client = client();
        int stream = client.open(CALL, true);
        Stage.await(() -> shop.heads.size() == 1);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300)); // longer than it may be idle
        assertThat(shop.farewells).isEmpty();
        go.countDown();
        assertThat(client.read(stream).head).contains("grpc-status: 0");
    }

    /** Half a minute of silence is asked about, and ten seconds are left for the answer. */
    @Tag("full")
    @Test
    void asksASilentEndpointForASignOfLife() throws Exception {
        StreamUpstream silent = shop(Timeouts.ofRequest(Duration.ZERO), (_, _, _, _) -> {});
        try (ServerSocket dead = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> settleAndSayNothingMore(dead));
            stage.scene
                    .host("dead.test", "dead", Timeouts.ofRequest(Duration.ZERO), RetryPolicy.NONE)
                    .group("dead", Scene.plain(dead.getLocalPort()));
            stage.show();
            StreamClient client = stage.closing(new StreamClient(
                    new Socket(InetAddress.getLoopbackAddress(), port),
                    SessionOptions.DEFAULT.scheme("http"),
                    Duration.ofMinutes(2)));
            int waits = client.open(CALL, true);
            int fails = client.open(CALL.replace("shop.test", "dead.test"), true);
            assertThat(client.read(fails).head).contains("grpc-status: 14", "weft-error: upstream-closed");
            silent.peers.getFirst().answer(1, OK, "");
            assertThat(client.read(waits).head).contains("grpc-status: 0");
        }
    }

    /** Its settings and the acknowledgement of the peer's are frames without a body. */
    private static void settleAndSayNothingMore(ServerSocket socket) {
        try (Socket accepted = socket.accept()) {
            accepted.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            accepted.getOutputStream().write(new byte[] {0, 0, 0, 4, 1, 0, 0, 0, 0});
            accepted.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // the proxy broke it off
        }
    }

    @Test
    void servesAsManyStreamsAtOnceAsItAllowsAndTheNextOnesAfterThem() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        StreamUpstream shop = shop(Timeouts.ofRequest(Duration.ZERO), (peer, stream, _, _) -> {
            atOnce.incrementAndGet();
            Thread.ofVirtual().start(() -> {
                await(go);
                peer.answer(stream, OK, "");
            });
        });
        StreamClient client = client();
        List<Integer> streams = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            streams.add(client.open(CALL, true));
        }
        Stage.await(() -> atOnce.get() == 100);
        assertThat(client.open(CALL, true)).isEqualTo(Session.BUSY);
        go.countDown();
        for (int stream : streams) {
            assertThat(client.read(stream).head).contains("grpc-status: 0");
        }
        assertThat(client.read(client.open(CALL, true)).head).contains("grpc-status: 0");
        assertThat(shop.peers).hasSizeLessThan(3);
    }

    @Test
    void saysGoodbyeTwiceAndServesWhatTheClientSentBeforeItHeard() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        StreamUpstream shop = shop(
                Timeouts.ofRequest(Duration.ZERO),
                (peer, stream, _, _) -> Thread.ofVirtual().start(() -> {
                    await(go);
                    peer.answer(stream, OK, "");
                }));
        StreamClient client = client();
        int early = client.open(CALL, true);
        Stage.await(() -> shop.heads.size() == 1);
        Thread draining = Thread.ofVirtual().start(() -> stage.proxy.drain(Duration.ofSeconds(30)));
        Stage.await(() -> stage.proxy.ports().isEmpty());
        int late = client.open(CALL, true);
        Stage.await(() -> shop.heads.size() == 2);
        go.countDown();
        assertThat(client.readGoAway()).isEqualTo(late);
        assertThat(client.goneAway).containsExactly(ALL_STREAMS, late);
        assertThat(client.answer(early).head).contains("grpc-status: 0");
        assertThat(client.answer(late).head).contains("grpc-status: 0");
        assertThat(draining.join(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void waitsForStreamsNoLongerThanItsDeadline() throws IOException {
        StreamUpstream shop = shop(Timeouts.ofRequest(Duration.ZERO), (_, _, _, _) -> {});
        StreamClient client = client();
        int stream = client.open(CALL, true);
        Stage.await(() -> shop.heads.size() == 1);
        stage.proxy.drain(Duration.ofMillis(200));
        assertThat(stage.proxy.inFlight()).isEqualTo(1);
        stage.proxy.close();
        assertThatThrownBy(() -> client.read(stream)).isInstanceOfAny(IOException.class, UncheckedIOException.class);
        assertThat(stage.outcomes.all()).hasSize(1);
        assertThat(stage.outcomes.all().getFirst().error()).contains(ErrorCode.CLIENT_CLOSED);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
