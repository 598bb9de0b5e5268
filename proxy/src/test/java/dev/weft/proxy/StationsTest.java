package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.RateLimit;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a route's filters ask for beside edits: limits, faults, copies, answers to browsers. */
class StationsTest {

    private static final String HELLO = "HTTP/1.1 200 OK|Content-Length: 5||hello";
    private static final String CALL = "GET / HTTP/1.1|Host: shop.test||";

    private final Stage stage = new Stage();
    private final int port = Ports.free();
    private Upstream shop;

    @BeforeEach
    void openEdge() throws IOException {
        shop = stage.answering(HELLO);
        stage.scene.edge(port).group("shop", Scene.plain(shop.port()));
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void route(RouteFilter... filters) {
        stage.scene.host("shop.test", "shop", Duration.ofSeconds(5), RetryPolicy.DEFAULT, filters);
        stage.show();
    }

    private Client.Answer call(String request) throws IOException {
        return stage.client(port).send(request).read();
    }

    private static RateLimit limit(int total, int perCaller) {
        return new RateLimit(Scene.SOURCE, total, perCaller, List.of(), Optional.empty());
    }

    @Test
    void refusesMoreThanTheTotalOverAllLoopsAndSaysWhenToTryAgain() throws IOException {
        route(new RouteFilter.LimitRate(limit(5, 0)));
        int passed = 0;
        List<Client.Answer> refused = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < 60; i++) { // more than pass in ten seconds, should it take that long
            Client.Answer answer = call(CALL); // a connection each, so that both loops take part
            passed += answer.status() == 200 ? 1 : 0;
            if (answer.status() == 429) {
                refused.add(answer);
            }
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000 + 1;
        assertThat(passed).isBetween(5, (int) (5 + 5 * seconds));
        assertThat(passed + refused.size()).isEqualTo(60);
        assertThat(refused).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.has("weft-error: rate-limited")).isTrue();
            assertThat(answer.has("retry-after: 1")).isTrue();
            assertThat(answer.has("content-type: application/problem+json")).isTrue();
            assertThat(answer.body()).contains("the total rate is used up");
        });
        assertThat(stage.outcomes.all())
                .filteredOn(outcome -> outcome.error().equals(Optional.of(ErrorCode.RATE_LIMITED)))
                .hasSameSizeAs(refused);
    }

    @Test
    void keepsCountingWhenASnapshotLeavesTheLimitAsItWas() throws IOException {
        route(new RouteFilter.LimitRate(limit(1, 0)));
        long start = System.nanoTime();
        int passed = 0;
        for (int i = 0; i < 20; i++) {
            stage.scene.host("other.test" + i, "shop");
            stage.show();
            passed += call(CALL).status() == 200 ? 1 : 0;
        }
        assertThat(passed).isLessThanOrEqualTo((int) ((System.nanoTime() - start) / 1_000_000_000) + 2);
    }

    @Test
    void limitsEachValueOfAHeaderByItself() throws IOException {
        RateLimit.PerHeader perKey = new RateLimit.PerHeader("x-key", 1, Map.of("gold", 0));
        route(new RouteFilter.LimitRate(new RateLimit(Scene.SOURCE, 0, 0, List.of(), Optional.of(perKey))));
        assertThat(call("GET / HTTP/1.1|Host: shop.test|X-Key: a||").status()).isEqualTo(200);
        assertThat(call("GET / HTTP/1.1|Host: shop.test|X-Key: b||").status()).isEqualTo(200);
        int refused = 0;
        for (int i = 0; i < 10; i++) {
            refused += call("GET / HTTP/1.1|Host: shop.test|X-Key: a||").status() == 429 ? 1 : 0;
            assertThat(call("GET / HTTP/1.1|Host: shop.test|X-Key: gold||").status())
                    .isEqualTo(200);
            assertThat(call(CALL).status()).isEqualTo(200);
        }
        assertThat(refused).isPositive();
    }

    @Test
    void limitsAWorkloadByTheIdentityThatItProvedAndTakesNothingFromOthers() throws IOException {
        int inbound = Ports.free();
        int greedyPort = Ports.free();
        int modestPort = Ports.free();
        stage.scene
                .pod("greedy", "127.1.0.1", greedyPort, Ports.free(), 1)
                .pod("modest", "127.1.0.3", modestPort, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, shop.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH))
                .limit("quote", 8081, limit(1, 1))
                .limit("quote", limit(1_000, 0))
                .limit("quote", 8080, limit(12, 2));
        stage.show();
        String quote = "GET / HTTP/1.1|Host: quote.default.svc.cluster.local||";
        int refused = 0;
        Client greedy = stage.client("127.1.0.1", greedyPort);
        for (int i = 0; i < 30; i++) {
            Client.Answer answer = greedy.send(quote).read();
            refused += answer.status() == 429 ? 1 : 0;
            if (answer.status() == 429) {
                assertThat(answer.body()).contains("the caller's own rate");
                assertThat(answer.has("retry-after: 1")).isTrue();
            }
        }
        assertThat(refused).isPositive();
        assertThat(stage.client("127.1.0.3", modestPort).send(quote).read().status())
                .isEqualTo(200);
    }

    private static Fault fault(int share, Duration delay, int abort) {
        return new Fault(Scene.SOURCE, List.of(), Set.of(), share, delay, abort, Optional.empty());
    }

    @Test
    void abortsTheShareOfRequestsThatAFaultNames() throws IOException {
        route(new RouteFilter.InjectFault(fault(250, Duration.ZERO, 507)));
        Client client = stage.client(port);
        int aborted = 0;
        for (int i = 0; i < 400; i++) {
            Client.Answer answer = client.send(CALL).read();
            aborted += answer.status() == 507 ? 1 : 0;
            assertThat(answer.status() == 200 || answer.has("weft-error: fault-injected"))
                    .isTrue();
        }
        assertThat(aborted).isBetween(50, 150); // 100 and six standard deviations
        assertThat(shop.heads()).hasSize(400 - aborted);
    }

    @Test
    void delaysOnlyRequestsWithTheHeaderAndSendsThemOnAfterwards() throws IOException {
        Fault slow = new Fault(
                Scene.SOURCE,
                List.of(new HeaderMatch.Exact("x-test", "slow")),
                Set.of(),
                1_000,
                Duration.ofSeconds(1),
                0,
                Optional.empty());
        route(new RouteFilter.InjectFault(slow));
        assertThat(call(CALL).status()).isEqualTo(200);
        Outcome straight = stage.outcomes.next(Hop.EDGE);
        assertThat(call("POST / HTTP/1.1|Host: shop.test|X-Test: slow|Content-Length: 2||ab")
                        .status())
                .isEqualTo(200);
        Outcome delayed = stage.outcomes.next(Hop.EDGE);
        assertThat(delayed.totalNanos())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(straight.totalNanos()).isLessThan(delayed.totalNanos());
        assertThat(delayed.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.endNanos()).isLessThan(delayed.totalNanos()));
    }

    @Test
    void keepsTheDeadlineOfADelayedRequest() throws IOException {
        stage.scene.host(
                "shop.test",
                "shop",
                Duration.ofMillis(100),
                RetryPolicy.DEFAULT,
                new RouteFilter.InjectFault(fault(1_000, Duration.ofSeconds(60), 503)));
        stage.show();
        Client.Answer answer = call(CALL);
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.has("weft-error: response-timeout")).isTrue();
        assertThat(shop.heads()).isEmpty();
    }

    @Test
    void answersInPlaceOfTheBackendWordForWord() throws IOException {
        Fault closed = new Fault(
                Scene.SOURCE,
                List.of(),
                Set.of(),
                1_000,
                Duration.ZERO,
                0,
                Optional.of(new Fault.Answer(200, "text/plain", "closed for today")));
        route(new RouteFilter.InjectFault(closed));
        Client.Answer answer = call(CALL);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.has("content-type: text/plain")).isTrue();
        assertThat(answer.body()).isEqualTo("closed for today");
        assertThat(answer.head()).doesNotContain("weft-error");
    }

    @Test
    void makesAFaultOfOneCallerNobodyElses() throws IOException {
        WorkloadIdentity edge = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "weft", "edge");
        WorkloadIdentity other = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "other");
        route(new RouteFilter.InjectFault(
                new Fault(Scene.SOURCE, List.of(), Set.of(other), 1_000, Duration.ZERO, 503, Optional.empty())));
        assertThat(call(CALL).status()).isEqualTo(200);
        assertThat(stage.outcomes.next(Hop.EDGE).reporter().identity()).isEqualTo(edge);
        route(new RouteFilter.InjectFault(
                new Fault(Scene.SOURCE, List.of(), Set.of(edge), 1_000, Duration.ZERO, 503, Optional.empty())));
        assertThat(call(CALL).status()).isEqualTo(503);
    }

    @Test
    void sendsACopyWithItsBodyWhoseAnswerNobodySees() throws IOException {
        List<String> copies = new CopyOnWriteArrayList<>();
        Upstream shadow = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                copies.add(head + peer.read(3));
                peer.send("HTTP/1.1 500 No|Content-Length: 2||no");
            }
        });
        stage.scene.group("shadow", Scene.plain(shadow.port()));
        route(new RouteFilter.Mirror(Scene.service("shadow"), 100), new RouteFilter.RewritePrefix("/a", "/b"));
        shop = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                peer.read(3);
                peer.send(HELLO);
            }
        });
        stage.scene.group("shop", Scene.plain(shop.port()));
        stage.show();
        Client client = stage.client(port);
        for (int i = 0; i < 3; i++) {
            assertThat(client.send("POST /a?q HTTP/1.1|Host: shop.test:80|Content-Length: 3||abc")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
        Stage.await(() -> copies.size() == 3);
        assertThat(copies)
                .allSatisfy(copy -> assertThat(copy)
                        .startsWith("POST /b?q HTTP/1.1|")
                        .containsIgnoringCase("|host: shop.test-shadow:80|")
                        .endsWith("|abc"));
        assertThat(stage.outcomes.all()).hasSize(3).allMatch(outcome -> outcome.status() == 200);
    }

    @Test
    void sendsCopiesOfAShareAlone() throws IOException {
        Upstream shadow = stage.answering(HELLO);
        stage.scene.group("shadow", Scene.plain(shadow.port()));
        route(new RouteFilter.Mirror(Scene.service("shadow"), 25));
        Client client = stage.client(port);
        for (int i = 0; i < 400; i++) {
            assertThat(client.send(CALL).read().status()).isEqualTo(200);
        }
        Stage.await(() -> shadow.heads().size() >= 50);
        assertThat(shadow.heads()).hasSizeLessThanOrEqualTo(150); // 100 and six standard deviations
    }

    @Test
    void neitherDelaysNorFailsTheOriginalWhenTheCopiesGoNowhere() throws IOException {
        Upstream silent = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.closed();
        });
        stage.scene.group("shadow", Scene.plain(silent.port()));
        route(new RouteFilter.Mirror(Scene.service("shadow"), 100));
        Client client = stage.client(port);
        for (int i = 0; i < 150; i++) {
            assertThat(client.send(CALL).read().status()).isEqualTo(200);
        }
        stage.scene.group("shadow");
        stage.show();
        assertThat(client.send(CALL).read().status()).isEqualTo(200);
        assertThat(silent.connections()).isLessThanOrEqualTo(100);
    }

    @Test
    void sendsNoCopyOfARequestWithALargeBody() throws IOException {
        Upstream shadow = stage.answering(HELLO);
        stage.scene.group("shadow", Scene.plain(shadow.port()));
        route(new RouteFilter.Mirror(Scene.service("shadow"), 100));
        int large = 200_000;
        shop = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                peer.read(large);
                peer.send(HELLO);
            }
        });
        stage.scene.group("shop", Scene.plain(shop.port()));
        stage.show();
        assertThat(call("POST / HTTP/1.1|Host: shop.test|Content-Length: " + large + "||" + "x".repeat(large))
                        .status())
                .isEqualTo(200);
        assertThat(stage.outcomes.next(Hop.EDGE).status()).isEqualTo(200);
        assertThat(shadow.heads()).isEmpty();
    }

    private static RouteFilter.Cors cors(String origin, boolean credentials) {
        return new RouteFilter.Cors(
                List.of(origin), List.of("GET", "PUT"), List.of("x-token"), List.of("x-count"), credentials, "600");
    }

    @Test
    void answersABrowsersQuestionItself() throws IOException {
        route(cors("https://app.test", true));
        Client.Answer answer = call("OPTIONS / HTTP/1.1|Host: shop.test|Origin: https://app.test"
                + "|Access-Control-Request-Method: PUT||");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.has("access-control-allow-origin: https://app.test")).isTrue();
        assertThat(answer.has("access-control-allow-credentials: true")).isTrue();
        assertThat(answer.has("access-control-allow-methods: GET, PUT")).isTrue();
        assertThat(answer.has("access-control-allow-headers: x-token")).isTrue();
        assertThat(answer.has("access-control-max-age: 600")).isTrue();
        assertThat(answer.has("vary: origin")).isTrue();
        assertThat(shop.heads()).isEmpty();
    }

    @Test
    void namesAnOriginOnlyWhereItIsListed() throws IOException {
        route(cors("https://app.test", false));
        Client.Answer listed = call("GET / HTTP/1.1|Host: shop.test|Origin: https://app.test||");
        assertThat(listed.body()).isEqualTo("hello");
        assertThat(listed.has("access-control-allow-origin: https://app.test")).isTrue();
        assertThat(listed.has("access-control-expose-headers: x-count")).isTrue();
        Client.Answer other = call("GET / HTTP/1.1|Host: shop.test|Origin: https://evil.test||");
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.head()).doesNotContain("access-control").contains("vary: origin");
        Client.Answer question = call("OPTIONS / HTTP/1.1|Host: shop.test|Origin: https://evil.test"
                + "|Access-Control-Request-Method: PUT||");
        assertThat(question.status()).isEqualTo(200);
        assertThat(question.head()).doesNotContain("access-control");
    }

    @Test
    void letsAPageReadWhyItWasRefused() throws IOException {
        route(cors("https://app.test", true));
        stage.scene.group("shop");
        stage.show();
        Client.Answer answer = call("GET / HTTP/1.1|Host: shop.test|Origin: https://app.test||");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.has("weft-error: no-endpoint")).isTrue();
        assertThat(answer.has("access-control-allow-origin: https://app.test")).isTrue();
        assertThat(answer.has("access-control-allow-credentials: true")).isTrue();
        assertThat(answer.has("vary: origin")).isTrue();
        assertThat(call("GET / HTTP/1.1|Host: shop.test|Origin: https://evil.test||")
                        .head())
                .doesNotContain("access-control");
    }

    @Test
    void redirectsToThePathThatTheRewritesMake() throws IOException {
        route(
                new RouteFilter.RewriteRegex("^/old/([a-z]+)", "/new-\\1"),
                new RouteFilter.Redirect(308, "", "other.test", ""));
        assertThat(call("GET /old/shoes/1?q=2 HTTP/1.1|Host: shop.test||")
                        .has("location: http://other.test/new-shoes/1?q=2"))
                .isTrue();
    }

    @Test
    void rewritesByExpression() throws IOException {
        route(new RouteFilter.RewriteRegex("^/v([0-9]+)/", "/api/\\1/"));
        assertThat(call("GET /v2/x?y HTTP/1.1|Host: shop.test||").status()).isEqualTo(200);
        assertThat(shop.heads().getFirst()).startsWith("GET /api/2/x?y HTTP/1.1|");
    }
}
