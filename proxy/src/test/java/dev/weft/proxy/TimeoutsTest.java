package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each timeout ends what it names, with a code of its own, and leaves the others alone. */
class TimeoutsTest {

    private static final String GET = "GET / HTTP/1.1|Host: shop.test||";
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONGER = Duration.ofSeconds(2);
    private static final Timeouts NONE = Timeouts.ofRequest(Duration.ZERO);

    private final Stage stage = new Stage();
    private final int port = Ports.free();
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void openEdge() {
        stage.scene.edge(port);
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        stage.close();
    }

    private void shop(Timeouts timeouts, Upstream.Script script) throws IOException {
        stage.scene
                .host("shop.test", "shop", timeouts, RetryPolicy.NONE)
                .group("shop", Scene.plain(stage.upstream(script).port()));
        stage.show();
    }

    private void silence() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void expect(ErrorCode error) throws IOException {
        Client.Answer answer = stage.client(port).send(GET).read();
        assertThat(answer.status()).isEqualTo(error.status());
        assertThat(answer.has("weft-error: " + error.code())).isTrue();
        Outcome outcome = stage.outcomes.next(Hop.EDGE);
        assertThat(outcome.error()).contains(error);
        assertThat(outcome.totalNanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void endsAWholeRequest() throws IOException {
        shop(Timeouts.ofRequest(SHORT), (_, _) -> silence());
        expect(ErrorCode.RESPONSE_TIMEOUT);
    }

    @Test
    void endsATry() throws IOException {
        shop(NONE.withPerTry(SHORT), (_, _) -> silence());
        expect(ErrorCode.TRY_TIMEOUT);
    }

    @Test
    void endsTheWaitForAHead() throws IOException {
        shop(NONE.withHeader(SHORT), (_, _) -> silence());
        expect(ErrorCode.HEADER_TIMEOUT);
    }

    @Test
    void endsTheWaitForAnAnswersEnd() throws IOException {
        shop(NONE.withResponse(SHORT), (_, _) -> silence());
        expect(ErrorCode.ENDPOINT_TIMEOUT);
    }

    @Test
    void endsSilence() throws IOException {
        shop(NONE.withIdle(SHORT), (_, _) -> silence());
        expect(ErrorCode.IDLE_TIMEOUT);
    }

    @Test
    void endsConnecting() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> queue = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // until the kernel answers no more
                Socket socket = new Socket();
                queue.add(socket);
                Thread.ofVirtual().start(() -> {
                    try {
                        socket.connect(full.getLocalSocketAddress());
                    } catch (IOException _) {
                        // the test is over
                    }
                });
            }
            Stage.await(() -> queue.stream().filter(Socket::isConnected).count() >= 2);
            stage.scene
                    .host("shop.test", "shop", NONE.withConnect(SHORT), RetryPolicy.NONE)
                    .group("shop", Scene.plain(full.getLocalPort()));
            stage.show();
            expect(ErrorCode.CONNECT_TIMEOUT);
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    @Test
    void cutsAnAnswerOffThatFallsSilent() throws IOException {
        shop(NONE.withIdle(LONGER), (peer, _) -> { // the silence before its head counts too
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 10||hello");
            silence();
        });
        Client client = stage.client(port).send(GET);
        assertThat(client.readHead()).startsWith("HTTP/1.1 200");
        assertThat(client.read(5)).isEqualTo("hello");
        assertThat(client.closed()).isTrue();
        assertThat(stage.outcomes.next(Hop.EDGE).error()).contains(ErrorCode.IDLE_TIMEOUT);
    }

    /** 12 bytes at 200 ms each are longer than any of the limits, and each is far shorter. */
    @Test
    void letsASlowAnswerBeThatKeepsComing() throws IOException {
        Timeouts timeouts = NONE.withIdle(LONGER).withHeader(LONGER).withPerTry(LONGER);
        shop(timeouts, (peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 12||");
            for (int i = 0; i < 12; i++) {
                java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
                peer.send("x");
            }
            peer.readHead();
        });
        assertThat(stage.client(port).send(GET).read().body()).hasSize(12);
        assertThat(stage.outcomes.next(Hop.EDGE).totalNanos()).isGreaterThan(LONGER.toNanos());
    }

    @Test
    void countsTheWaitForAHeadFromTheRequestsEnd() throws IOException {
        shop(NONE.withHeader(LONGER), (peer, _) -> {
            peer.readHead();
            peer.read(12);
            peer.send("HTTP/1.1 200 OK|Content-Length: 5||hello");
            peer.readHead();
        });
        Client client = stage.client(port).send("PUT / HTTP/1.1|Host: shop.test|Content-Length: 12||");
        for (int i = 0; i < 12; i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
            client.send("x");
        }
        assertThat(client.read().body()).isEqualTo("hello");
    }

    @Test
    void closesAPooledConnectionThatNobodyUses() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        shop(NONE.withIdleConnection(SHORT), (peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 5||hello");
            if (peer.closed()) {
                closed.countDown();
            }
        });
        assertThat(stage.client(port).send(GET).read().body()).isEqualTo("hello");
        Stage.await(() -> closed.getCount() == 0);
    }

    @Test
    void tellsTheEndpointWhatIsLeft() throws IOException {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .host("shop.test", "shop", Timeouts.ofRequest(Duration.ofSeconds(50)), RetryPolicy.NONE)
                .group("shop", Scene.plain(shop.port()));
        stage.show();
        stage.client(port)
                .send("GET / HTTP/1.1|Host: shop.test|grpc-timeout: 20S|x-envoy-expected-rq-timeout-ms: 9|"
                        + "weft-deadline-ms: 9||")
                .read();
        String head = shop.heads().getFirst();
        assertThat(value(head, "x-envoy-expected-rq-timeout-ms")).isBetween(1, 20_000);
        assertThat(head).containsPattern("grpc-timeout: 1\\d{7}u\\|").doesNotContain("20S", "weft-deadline-ms");
    }

    @Test
    void endsWhatItsCallerDoesNotWaitForAnyMore() throws IOException {
        shop(NONE, (_, _) -> silence());
        Client.Answer answer = stage.client(port)
                .send("POST / HTTP/1.1|Host: shop.test|Content-Length: 0|grpc-timeout: 150m||")
                .read();
        assertThat(answer.has("weft-error: deadline-exceeded")).isTrue();
    }

    @Test
    void carriesTheDeadlineFromProxyToProxyToTheProgramAndOn() throws IOException {
        int outbound = Ports.free();
        int inbound = Ports.free();
        Upstream program = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        stage.show();
        String call = "GET http://quote/ HTTP/1.1|Host: quote|";
        stage.client("127.1.0.1", outbound).send(call + "|").read();
        assertThat(value(program.heads().get(0), "weft-deadline-ms")).isBetween(2_001, 5_000);
        stage.client("127.1.0.1", outbound)
                .send(call + "weft-deadline-ms: 2000||")
                .read();
        assertThat(value(program.heads().get(1), "weft-deadline-ms")).isBetween(1, 2_020);
    }

    private static int value(String head, String name) {
        int at = head.indexOf("|" + name + ": ");
        assertThat(at).as(head).isPositive();
        int from = at + name.length() + 3;
        assertThat(head.indexOf("|" + name + ": ", from)).as(head).isNegative();
        return Integer.parseInt(head.substring(from, head.indexOf('|', from)));
    }
}
