package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the edge to endpoints outside the mesh: HTTP/1.1 without TLS. */
class PlainHopTest {

    private static final String HELLO = "HTTP/1.1 200 OK|Content-Length: 5||hello";

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @BeforeEach
    void openEdge() {
        stage.scene.edge(port).host("shop.test", "shop");
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Upstream shop(Upstream.Script script) throws IOException {
        Upstream upstream = stage.upstream(script);
        stage.scene.group("shop", Scene.plain(upstream.port()));
        stage.show();
        return upstream;
    }

    private Upstream shop(String answer) throws IOException {
        Upstream upstream = stage.answering(answer);
        stage.scene.group("shop", Scene.plain(upstream.port()));
        stage.show();
        return upstream;
    }

    @Test
    void carriesARequestAndItsAnswer() throws IOException {
        Upstream upstream = shop(HELLO);
        Client client = stage.client(port);
        Client.Answer answer = client.send("GET /a?b HTTP/1.1|Host: shop.test|weft-x: forged||")
                .read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(upstream.heads().getFirst())
                .startsWith("GET /a?b HTTP/1.1|Host: shop.test|")
                .contains("|x-request-id: ")
                .contains("|x-forwarded-for: 127.0.0.1|x-forwarded-proto: http|")
                .doesNotContain("weft-x");
        Outcome outcome = stage.outcomes.next(Hop.EDGE);
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.path()).isEqualTo("/a");
        assertThat(outcome.attempts()).hasSize(1);
        assertThat(outcome.requestId()).isNotEmpty();
        assertThat(outcome.decisions()).isEmpty();
        assertThat(outcome.responseBytes()).isGreaterThan(40);
    }

    @Test
    void judgesTheSchemeByTheConnectionAndNotByWhatTheClientSays() throws IOException {
        Match clearText = new Match(
                new PathMatch.Prefix("/"), Set.of(), List.of(new HeaderMatch.Exact("x-forwarded-proto", "http")));
        Rule toHttps = new Rule(
                "to https",
                Scene.SOURCE,
                List.of(clearText),
                List.of(new RouteFilter.Redirect(301, "https", ":8443", "")),
                List.of(),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.NONE);
        stage.scene.frontend(new Frontend("safe.test", Scene.SOURCE, List.of("safe.test"), List.of(toHttps)));
        stage.show();

        Client.Answer answer = stage.client(port)
                .send("GET /a HTTP/1.1|Host: safe.test|x-forwarded-proto: https||")
                .read();

        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.has("location: https://safe.test:8443/a")).isTrue();
    }

    @Test
    void keepsBothConnectionsForTheNextRequest() throws IOException {
        Upstream upstream = shop(HELLO);
        Client client = stage.client(port);
        for (int i = 0; i < 5; i++) {
            assertThat(client.send("GET / HTTP/1.1|Host: shop.test||").read().body())
                    .isEqualTo("hello");
        }
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        shop((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                String path = head.substring(4, head.indexOf(' ', 4));
                peer.send("HTTP/1.1 200 OK|Content-Length: " + path.length() + "||" + path);
            }
        });
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            requests.append("GET /").append(i).append(" HTTP/1.1|Host: ").append(i % 3 == 2 ? "other" : "shop.test");
            requests.append("||");
        }
        Client client = stage.client(port).send(requests.toString());
        for (int i = 0; i < 200; i++) {
            Client.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(i % 3 == 2 ? 404 : 200);
            if (answer.status() == 200) {
                assertThat(answer.body()).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void passesChunksBothWays() throws IOException {
        shop((peer, _) -> {
            String head = peer.readHead();
            assertThat(head).contains("Transfer-Encoding: chunked");
            String body = peer.read("3|abc|0||".replace("|", "..").length());
            peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||");
            peer.send("6|" + body.substring(3, 6) + "def|");
            peer.send("0||");
        });
        Client client = stage.client(port);
        client.send("POST / HTTP/1.1|Host: shop.test|Transfer-Encoding: chunked||3|a")
                .send("bc|0|")
                .send("|");
        assertThat(client.read().body()).isEqualTo("abcdef");
        client.send("GET / HTTP/1.1|Host: shop.test||");
    }

    @Test
    void unwrapsChunksForAnOldClient() throws IOException {
        shop("HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|0||");
        Client client = stage.client(port);
        Client.Answer answer = client.send("GET / HTTP/1.0|Host: shop.test||").read();
        assertThat(answer.head()).doesNotContain("ransfer-");
        assertThat(answer.body()).isEqualTo("abc");
    }

    @Test
    void makesChunksOfABodyThatLastsUntilTheServerCloses() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK||all of it");
        });
        Client client = stage.client(port);
        for (int i = 0; i < 2; i++) {
            Client.Answer answer =
                    client.send("GET / HTTP/1.1|Host: shop.test||").read();
            assertThat(answer.has("connection: close")).isFalse();
            assertThat(answer.body()).isEqualTo("all of it");
        }
    }

    @Test
    void closesAfterABodyThatAnOldClientCannotTellTheEndOf() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK||all of it");
        });
        Client.Answer answer = stage.client(port)
                .send("GET / HTTP/1.0|Host: shop.test|Connection: keep-alive||")
                .read();
        assertThat(answer.has("connection: close")).isTrue();
        assertThat(answer.body()).isEqualTo("all of it");
    }

    @Test
    void keepsTheConnectionOfAnOldClientThatAsksForIt() throws IOException {
        shop("HTTP/1.1 200 OK|Content-Length: 2||ok");
        Client client = stage.client(port);
        for (String host : List.of("shop.test", "unknown.test", "shop.test")) {
            Client.Answer answer = client.send("GET / HTTP/1.0|Host: " + host + "|Connection: keep-alive||")
                    .read();
            assertThat(answer.has("connection: keep-alive")).isTrue();
        }
    }

    @Test
    void keepsConnectionFieldsOfAnInterimAnswerToItself() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 103 Early Hints|Connection: x-hop|X-Hop: 1|Link: </a>||");
            peer.send("HTTP/1.1 200 OK|Content-Length: 2||ok");
            peer.readHead();
        });
        Client client = stage.client(port).send("GET / HTTP/1.1|Host: shop.test||");
        assertThat(client.read().head()).isEqualTo("HTTP/1.1 103 Early Hints|Link: </a>|");
        assertThat(client.read().body()).isEqualTo("ok");
    }

    @Test
    void knowsAnswersWithoutABody() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 5||");
            peer.readHead();
            peer.send("HTTP/1.1 204 No Content||");
            peer.readHead();
            peer.send("HTTP/1.1 304 Not Modified|Content-Length: 7||");
            peer.readHead();
            peer.send("HTTP/1.1 100 Continue||HTTP/1.1 200 OK|Content-Length: 2||ok");
            peer.readHead();
        });
        Client client = stage.client(port);
        assertThat(client.send("HEAD / HTTP/1.1|Host: shop.test||").read(true).status())
                .isEqualTo(200);
        assertThat(client.send("GET / HTTP/1.1|Host: shop.test||").read().status())
                .isEqualTo(204);
        assertThat(client.send("GET / HTTP/1.1|Host: shop.test||").read().status())
                .isEqualTo(304);
        assertThat(client.send("GET / HTTP/1.1|Host: shop.test||").read().status())
                .isEqualTo(100);
        assertThat(client.read().body()).isEqualTo("ok");
    }

    @Test
    void refusesAmbiguousRequestsAndCloses() throws IOException {
        shop(HELLO);
        Client client = stage.client(port);
        client.send("POST / HTTP/1.1|Host: shop.test|Content-Length: 4|Transfer-Encoding: chunked||0||GET");
        Client.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.has("weft-error: bad-request")).isTrue();
        assertThat(answer.body()).contains("Content-Length and Transfer-Encoding");
        assertThat(client.closed()).isTrue();
        assertThat(stage.outcomes.next(Hop.EDGE).error()).contains(ErrorCode.BAD_REQUEST);
    }

    @Test
    void refusesUnknownHosts() throws IOException {
        shop(HELLO);
        Client client = stage.client(port);
        Client.Answer answer = client.send("GET / HTTP/1.1|Host: other||").read();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.has("weft-error: host-unknown")).isTrue();
        Outcome outcome = stage.outcomes.next(Hop.EDGE);
        assertThat(outcome.decisions()).isNotEmpty();
        assertThat(outcome.service()).isEmpty();
        assertThat(client.send("GET / HTTP/1.1|Host: shop.test||").read().status())
                .isEqualTo(200);
    }

    @Test
    void editsHeadsAsTheRuleSays() throws IOException {
        stage.scene.host(
                "shop.test",
                "shop",
                Duration.ofSeconds(5),
                RetryPolicy.DEFAULT,
                new RouteFilter.RewritePrefix("/api", "/"),
                new RouteFilter.SetRequestHeader("X-Set", "new"),
                new RouteFilter.RemoveResponseHeader("Server"));
        Upstream upstream = shop("HTTP/1.1 200 OK|Server: secret|Content-Length: 0||");
        Client.Answer answer = stage.client(port)
                .send("GET /api/a?q HTTP/1.1|Host: shop.test|x-set: old||")
                .read();
        assertThat(answer.head()).doesNotContain("secret");
        assertThat(upstream.heads().getFirst())
                .startsWith("GET /a?q HTTP/1.1|")
                .contains("X-Set: new")
                .doesNotContain("old");
    }

    @Test
    void holdsBackABigBodyUntilTheServerTakesIt() throws Exception {
        int length = 50_000_000;
        java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
        shop((peer, _) -> {
            peer.readHead();
            awaitLatch(go);
            peer.read(length);
            peer.send("HTTP/1.1 200 OK|Content-Length: " + length + "||");
            peer.send(new byte[length]);
            peer.readHead();
        });
        Client client = stage.client(port);
        client.send("POST / HTTP/1.1|Host: shop.test|Content-Length: " + length + "||");
        java.util.concurrent.atomic.AtomicBoolean sent = new java.util.concurrent.atomic.AtomicBoolean();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                client.send(new byte[length]);
                sent.set(true);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(sender.join(Duration.ofMillis(300))).isFalse();
        assertThat(sent).isFalse();
        go.countDown();
        assertThat(client.read().body()).hasSize(length);
    }

    private static void awaitLatch(java.util.concurrent.CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void neverAnswer(Client peer, int connection) throws IOException {
        peer.readHead();
        assertThat(peer.closed()).isTrue();
    }

    @Test
    void saysThatItClosesWhenTheAnswerComesBeforeTheRequestIsWhole() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 403 Forbidden|Content-Length: 2||no");
            assertThat(peer.read(5)).isEqualTo("12345");
            assertThat(peer.closed()).isTrue();
        });
        Client client = stage.client(port).send("POST / HTTP/1.1|Host: shop.test|Content-Length: 10||12345");
        Client.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.has("connection: close")).isTrue();
        assertThat(client.closed()).isTrue();
    }

    @Test
    void answersInTimeWhenTheServerDoesNot() throws IOException {
        stage.scene.host("shop.test", "shop", Duration.ofMillis(200), RetryPolicy.DEFAULT);
        shop(PlainHopTest::neverAnswer);
        Client.Answer answer =
                stage.client(port).send("GET / HTTP/1.1|Host: shop.test||").read();
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.has("weft-error: response-timeout")).isTrue();
    }

    @Test
    void cutsTheClientOffWhenTheAnswerIsCutOff() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 10||half");
        });
        Client client = stage.client(port).send("GET / HTTP/1.1|Host: shop.test||");
        client.readHead();
        assertThat(client.read(4)).isEqualTo("half");
        assertThat(client.closed()).isTrue();
        assertThat(stage.outcomes.next(Hop.EDGE).error()).contains(ErrorCode.UPSTREAM_CLOSED);
    }

    @Test
    void recordsAClientThatGoesAway() throws IOException {
        shop(PlainHopTest::neverAnswer);
        Client client = stage.client(port).send("GET / HTTP/1.1|Host: shop.test||");
        Stage.await(() -> stage.outcomes.routed() == 1);
        client.close();
        assertThat(stage.outcomes.next(Hop.EDGE).error()).contains(ErrorCode.CLIENT_CLOSED);
        assertThat(stage.outcomes.endedWithService()).isEqualTo(1);
    }
}
