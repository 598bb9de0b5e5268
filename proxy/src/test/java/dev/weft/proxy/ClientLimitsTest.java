package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.proxy.limit.Pressure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the edge takes of its clients: how much, how many, and how slowly. */
class ClientLimitsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Stage stage = new Stage();
    private final int port = Ports.free();
    private Upstream shop;

    @BeforeEach
    void openEdge() throws IOException {
        shop = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead().toLowerCase(java.util.Locale.ROOT);
                int at = head.indexOf("content-length: ");
                String body = at < 0
                        ? head.contains("chunked") ? peer.readChunks() : ""
                        : peer.read(Integer.parseInt(head.substring(at + 16, head.indexOf('|', at))));
                peer.send("HTTP/1.1 200 OK|Content-Length: " + body.length() + "||" + body);
            }
        });
        stage.scene
                .edge(port)
                .host("shop.test", "shop", Duration.ZERO, RetryPolicy.NONE)
                .host("large.test", "shop", Duration.ZERO, RetryPolicy.NONE, new RouteFilter.LimitBody(100))
                .host("any.test", "shop", Duration.ZERO, RetryPolicy.NONE, new RouteFilter.LimitBody(0))
                .group("shop", Scene.plain(shop.port()));
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void limits(ClientLimits limits) {
        stage.scene.rules(EdgeRules.DEFAULT.with(limits));
        stage.show();
    }

    private static String post(String host, int length) {
        return "POST / HTTP/1.1|Host: " + host + "|Content-Length: " + length + "||" + "x".repeat(length);
    }

    private void expect(Client.Answer answer, ErrorCode error) {
        assertThat(answer.status()).isEqualTo(error.status());
        assertThat(answer.has("weft-error: " + error.code())).as(answer.head()).isTrue();
        assertThat(answer.head()).containsIgnoringCase("x-request-id: ");
        assertThat(stage.outcomes.next(Hop.EDGE).error()).contains(error);
    }

    @Test
    void aBodyMayBeAsLargeAsItsRouteSays() throws IOException {
        limits(ClientLimits.DEFAULT.withBodyBytesMax(10));
        assertThat(stage.client(port).send(post("shop.test", 10)).read().body()).hasSize(10);
        assertThat(stage.client(port).send(post("large.test", 100)).read().body())
                .hasSize(100);
        assertThat(stage.client(port).send(post("any.test", 100_000)).read().body())
                .hasSize(100_000);
    }

    @Test
    void aLargerBodyIsRefusedByItsLength() throws IOException {
        limits(ClientLimits.DEFAULT.withBodyBytesMax(10));
        for (String host : new String[] {"shop.test", "large.test"}) {
            Client client = stage.client(port).send("POST / HTTP/1.1|Host: " + host + "|Content-Length: 101||");
            Client.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.has("weft-error: body-too-large")).isTrue();
            assertThat(client.closed()).isTrue();
        }
        assertThat(shop.connections()).isZero();
    }

    @Test
    void aLargerBodyIsRefusedWhenItHasCome() throws IOException {
        limits(ClientLimits.DEFAULT.withBodyBytesMax(1_000));
        Client client = stage.client(port).send("POST / HTTP/1.1|Host: shop.test|Transfer-Encoding: chunked||");
        for (int i = 0; i < 12; i++) {
            client.send("64|" + "x".repeat(100) + "|");
        }
        expect(client.read(), ErrorCode.BODY_TOO_LARGE);
    }

    @Test
    void aLargerBodyIsRefusedInHttp2() throws IOException {
        limits(ClientLimits.DEFAULT.withBodyBytesMax(1_000));
        StreamClient client = stage.closing(new StreamClient(port));
        int stream = client.open("POST / HTTP/1.1|host: shop.test||", false);
        client.data(stream, "x".repeat(2_000), false);
        assertThat(client.readHead(stream).head).startsWith("HTTP/1.1 413").contains("weft-error: body-too-large");
        assertThat(client.read(client.get("shop.test", "/")).status()).isEqualTo(200);
    }

    @Test
    void aHeadHasToBeWholeInTime() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(SHORT, LONG, LONG)));
        Client client = stage.client(port).send("GET / HTTP/1.1|Host: sh");
        expect(client.read(), ErrorCode.REQUEST_TIMEOUT);
        assertThat(client.closed()).isTrue();
    }

    @Test
    void aSecondHeadHasToBeWholeInTimeToo() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(SHORT, LONG, LONG)));
        Client client = stage.client(port).send("GET / HTTP/1.1|Host: shop.test||GET / HTTP/1.1|Host: sh");
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.read().status()).isEqualTo(408);
    }

    /** Each byte comes soon after the one before; it is the whole that is late. */
    @Test
    void drippingDoesNotProlongAHead() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(SHORT, LONG, LONG)));
        Client client = stage.client(port).send("GET / HTTP/1.1|Host: shop.test|");
        byte[] line = "x-a: b\r\n".getBytes(StandardCharsets.US_ASCII);
        Thread.ofVirtual().start(() -> {
            try {
                while (client.takes(line)) {
                    LockSupport.parkNanos(20_000_000);
                }
            } catch (IOException _) {
                // the test is over
            }
        });
        assertThat(client.read().status()).isEqualTo(408);
    }

    @Test
    void aConnectionWithoutARequestIsClosedWithoutAWord() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(LONG, LONG, SHORT)));
        assertThat(stage.client(port).readAll()).isEmpty();
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(LONG, LONG, Duration.ofSeconds(3))));
        assertThat(stage.client(port).send("GET / HTTP/1.1|Host: shop.test||").readAll())
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aBodyHasToGoOn() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(LONG, SHORT, LONG)));
        Client client = stage.client(port).send("POST / HTTP/1.1|Host: shop.test|Content-Length: 10||abc");
        expect(client.read(), ErrorCode.REQUEST_TIMEOUT);
        assertThat(client.closed()).isTrue();
    }

    /** The one never pauses for long, and yet says nearly nothing; the other is slow, and fast enough. */
    @Test
    void aBodyHasToComeAtAMinimumRateFromTheTenthSecondOn() throws IOException {
        limits(ClientLimits.DEFAULT.with(new ClientLimits.Patience(LONG, LONG, Duration.ofSeconds(5), 50, LONG)));
        Client drip = stage.client(port).send("POST / HTTP/1.1|Host: shop.test|Content-Length: 1000000||");
        Client steady = stage.client(port).send("POST / HTTP/1.1|Host: shop.test|Transfer-Encoding: chunked||");
        long start = System.nanoTime();
        int steps = 0;
        while (drip.socket().getInputStream().available() == 0) {
            drip.send("x");
            steady.send("3e8|" + "x".repeat(1_000) + "|");
            steps++;
            assertThat(steps)
                    .as("ten a second, 408 after ten to fifteen seconds")
                    .isLessThan(600);
            LockSupport.parkNanos(100_000_000);
        }
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofSeconds(9).toNanos());
        Client.Answer refused = drip.read();
        assertThat(refused.status()).isEqualTo(408);
        assertThat(refused.has("weft-error: request-timeout")).isTrue();
        assertThat(steady.send("0||").read().body()).hasSize(1_000 * steps);
    }

    @Test
    void theEdgeIsAsPatientAsThoseThatItReplaces() {
        assertThat(ClientLimits.DEFAULT.patience())
                .isEqualTo(new ClientLimits.Patience(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        240,
                        Duration.ofSeconds(75)));
    }

    @Test
    void aBodyThatGoesOnIsWaitedFor() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(LONG, Duration.ofSeconds(2), LONG)));
        Client client = stage.client(port).send("POST / HTTP/1.1|Host: shop.test|Content-Length: 12||");
        for (int i = 0; i < 12; i++) {
            LockSupport.parkNanos(200_000_000); // in all longer than the patience, each far shorter
            client.send("x");
        }
        assertThat(client.read().body()).hasSize(12);
    }

    @Test
    void aBodyOfKnownLengthHasToGoOnInHttp2() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(LONG, SHORT, LONG)));
        StreamClient client = stage.closing(new StreamClient(port));
        int stream = client.open("POST / HTTP/1.1|host: shop.test|content-length: 10||", false);
        assertThat(client.readHead(stream).head).startsWith("HTTP/1.1 408").contains("weft-error: request-timeout");
    }

    /** As calls of gRPC do, which send a message when they have one. */
    @Test
    void aStreamOfMessagesMayPause() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(LONG, SHORT, LONG)));
        StreamClient client = stage.closing(new StreamClient(port));
        int stream = client.open("POST / HTTP/1.1|host: shop.test||", false);
        LockSupport.parkNanos(3 * SHORT.toNanos());
        client.data(stream, "abc", true);
        assertThat(client.read(stream).body).isEqualTo("abc");
    }

    @Test
    void aHeaderBlockHasToBeWholeInTime() throws IOException {
        limits(ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(SHORT, LONG, LONG)));
        byte[] begun = {0, 0, 10, 1, 4, 0, 0, 0, 1, (byte) 0x82}; // HEADERS, ten bytes announced, one sent
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0};
        byte[] sent = new byte[preface.length + settings.length + begun.length]; // at once, within the time
        System.arraycopy(preface, 0, sent, 0, preface.length);
        System.arraycopy(settings, 0, sent, preface.length, settings.length);
        System.arraycopy(begun, 0, sent, preface.length + settings.length, begun.length);
        Client client = stage.client(port).send(sent);
        assertThat(client.readAll()).contains("header block or frame was not whole");
        RefusedConnection refusal = stage.outcomes.nextRefused();
        assertThat(refusal.error()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    }

    private void connectAndExpectRefusal(String detail) throws IOException {
        assertThat(stage.client(port).closed()).isTrue();
        RefusedConnection refusal = stage.outcomes.nextRefused();
        assertThat(refusal.error()).isEqualTo(ErrorCode.TOO_MANY_CONNECTIONS);
        assertThat(refusal.detail()).contains(detail);
    }

    private Client connected() throws IOException {
        Client client = stage.client(port).send("GET / HTTP/1.1|Host: shop.test||");
        assertThat(client.read().status()).isEqualTo(200);
        return client;
    }

    @Test
    void anEdgePortTakesSoManyConnections() throws IOException {
        limits(ClientLimits.DEFAULT.with(new ClientLimits.Connections(100, 3, 1))); // loopback is exempt of the last
        Client first = connected();
        connected();
        connected();
        connectAndExpectRefusal("3 clients are connected to http-");
        first.close();
        Stage.await(() -> {
            try {
                return stage.client(port)
                        .send("GET / HTTP/1.1|Host: shop.test||")
                        .readHead()
                        .startsWith("HTTP/1.1 200");
            } catch (IOException _) {
                return false; // the first is not gone yet
            }
        });
    }

    @Test
    void theEdgeTakesSoManyConnectionsAtAllItsPorts() throws IOException {
        int other = Ports.free();
        stage.scene.edge(other);
        limits(ClientLimits.DEFAULT.with(new ClientLimits.Connections(2, 100, 100)));
        connected();
        Client second = stage.client(other).send("GET / HTTP/1.1|Host: shop.test||");
        assertThat(second.read().status()).isEqualTo(200);
        connectAndExpectRefusal("2 clients are connected to the edge");
    }

    @Test
    void refusesNewRequestsWhileMemoryIsShort() throws IOException {
        stage.show();
        Client client = stage.client(port);
        stage.proxy.upkeep(upkeep -> upkeep.press(Pressure.REQUESTS));
        Client.Answer refused = untilStatus(503, client);
        assertThat(refused.has("weft-error: memory-short")).isTrue();
        assertThat(refused.head()).containsIgnoringCase("|retry-after: ").containsIgnoringCase("|x-request-id: ");
        for (Pressure served : List.of(Pressure.CACHES, Pressure.NONE)) {
            stage.proxy.upkeep(upkeep -> upkeep.press(served));
            untilStatus(200, client);
        }
    }

    /** Each loop hears of it at its next turn. */
    private static Client.Answer untilStatus(int status, Client client) throws IOException {
        long end = System.nanoTime() + LONG.toNanos();
        while (true) {
            Client.Answer answer = client.send(post("shop.test", 2)).read();
            if (answer.status() == status) {
                return answer;
            }
            assertThat(System.nanoTime())
                    .as("status %s for a minute", answer.status())
                    .isLessThan(end);
        }
    }
}
