package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.policy.RetryPolicy.Condition;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.WeightedBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures are tried again, how often, and what it costs at total failure. */
class RetryingTest {

    private static final String HELLO = "HTTP/1.1 200 OK|Content-Length: 5||hello";
    private static final Timeouts PATIENT = Timeouts.ofRequest(Duration.ofSeconds(30));
    private static final RetryPolicy SERVER_ERRORS = everything(3).onStatuses(500, 599);

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    private static RetryPolicy everything(int attempts) {
        return new RetryPolicy(attempts, EnumSet.allOf(Condition.class), Set.of(), Set.of(14), Budget.DEFAULT);
    }

    @BeforeEach
    void openEdge() {
        stage.scene.edge(port);
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    /** The first request of all gets this answer, the others another. */
    private Upstream first(String answer) throws IOException {
        AtomicInteger requests = new AtomicInteger();
        return stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                peer.read(head.contains("Content-Length: 3") ? 3 : 0);
                peer.send(requests.getAndIncrement() == 0 ? answer : HELLO);
            }
        });
    }

    private void shop(RetryPolicy retry, Timeouts timeouts, int... ports) {
        stage.scene.host("shop.test", "shop", timeouts, retry).group("shop");
        stage.scene.group(
                "shop",
                java.util.Arrays.stream(ports).mapToObj(Scene::plain).toArray(dev.weft.model.traffic.Endpoint[]::new));
        stage.show();
    }

    @Test
    void givesEachRuleOfAFrontendTheBudgetThatItsOwnPolicyNames() throws IOException {
        Upstream silent = stage.upstream((peer, _) -> peer.readHead());
        RetryPolicy without = new RetryPolicy(3, RetryPolicy.SAFE, Set.of(), Set.of(), new RetryPolicy.Budget(0, 0));
        stage.scene
                .group("shop", Scene.plain(silent.port()))
                .frontend(new Frontend(
                        "shop.test",
                        Scene.SOURCE,
                        List.of("shop.test"),
                        List.of(rule("/stingy", without), rule("/", RetryPolicy.DEFAULT))));
        stage.show();
        stage.client(port).send("GET /stingy HTTP/1.1|Host: shop.test||").read();
        assertThat(stage.outcomes.next(Hop.EDGE).attempts()).hasSize(1);
        stage.client(port).send("GET / HTTP/1.1|Host: shop.test||").read();
        assertThat(stage.outcomes.next(Hop.EDGE).attempts()).hasSize(3);
    }

    private static Rule rule(String prefix, RetryPolicy retry) {
        return new Rule(
                prefix,
                Scene.SOURCE,
                List.of(new Match(new PathMatch.Prefix(prefix), Set.of(), List.of())),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(Scene.service("shop")), 1)),
                Timeouts.ofRequest(Duration.ofSeconds(5)),
                retry);
    }

    private Client.Answer ask(String method) throws IOException {
        return stage.client(port)
                .send(method + " / HTTP/1.1|Host: shop.test|Content-Length: 3||abc")
                .read();
    }

    @ParameterizedTest
    @CsvSource({"500, 200, 2", "503, 200, 2", "599, 200, 2", "499, 499, 1", "404, 404, 1"})
    void repeatsTheAnswersThatTheRuleNames(int status, int seen, int tries) throws IOException {
        shop(
                SERVER_ERRORS,
                PATIENT,
                first("HTTP/1.1 " + status + " No|Content-Length: 0||").port());
        assertThat(ask("PUT").status()).isEqualTo(seen);
        Outcome outcome = stage.outcomes.next(Hop.EDGE);
        assertThat(outcome.attempts()).hasSize(tries);
        assertThat(outcome.attempts().getFirst().status()).isEqualTo(status);
        assertThat(outcome.attempts().getFirst().error()).isEmpty();
    }

    @Test
    void passesTheLastAnswerOnWhenEveryTryIsAnsweredLikeThis() throws IOException {
        Upstream bad = stage.answering("HTTP/1.1 503 No|Content-Length: 4||busy");
        shop(SERVER_ERRORS, PATIENT, bad.port());
        Client.Answer answer =
                stage.client(port).send("GET / HTTP/1.1|Host: shop.test||").read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("busy");
        assertThat(stage.outcomes.next(Hop.EDGE).attempts()).hasSize(3);
        assertThat(bad.heads()).hasSize(3);
    }

    @Test
    void repeatsNoPostThatWasAnswered() throws IOException {
        shop(
                SERVER_ERRORS,
                PATIENT,
                first("HTTP/1.1 503 No|Content-Length: 0||").port());
        assertThat(ask("POST").status()).isEqualTo(503);
    }

    @Test
    void repeatsAGrpcCallWhoseStatusTheRuleNames() throws IOException {
        shop(
                everything(2),
                PATIENT,
                first("HTTP/1.1 200 OK|grpc-status: 14|Content-Length: 0||").port());
        assertThat(ask("POST").body()).isEqualTo("hello");
        assertThat(stage.outcomes.next(Hop.EDGE).attempts()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "13", "99", "x"})
    void passesOtherGrpcStatusesOn(String status) throws IOException {
        shop(
                everything(2),
                PATIENT,
                first("HTTP/1.1 200 OK|grpc-status: " + status + "|Content-Length: 0||")
                        .port());
        assertThat(ask("POST").has("grpc-status: " + status)).isTrue();
    }

    @Test
    void triesAnotherEndpointWhenOneDoesNotAnswerInItsTime() throws IOException {
        Upstream silent = stage.upstream((peer, _) -> peer.read(1_000_000));
        Upstream good = stage.answering(HELLO);
        shop(everything(3), PATIENT.withPerTry(Duration.ofMillis(500)), silent.port(), good.port());
        for (int i = 0; i < 6; i++) {
            Client.Answer answer =
                    stage.client(port).send("GET / HTTP/1.1|Host: shop.test||").read();
            assertThat(answer.status()).isEqualTo(200);
        }
        assertThat(stage.outcomes.all().stream().flatMap(outcome -> outcome.attempts().stream()))
                .extracting(attempt -> attempt.error())
                .contains(java.util.Optional.of(ErrorCode.TRY_TIMEOUT));
    }

    @Test
    void repeatsABodyOfUpTo64KiBAndNoLonger() throws IOException {
        Upstream flaky = flakyReader();
        shop(RetryPolicy.DEFAULT, PATIENT, flaky.port());
        assertThat(put(64 * 1024).status()).isEqualTo(200);
        assertThat(stage.outcomes.next(Hop.EDGE).attempts()).hasSize(2);
        assertThat(put(64 * 1024 + 1).status()).isEqualTo(502);
        assertThat(stage.outcomes.next(Hop.EDGE).attempts()).hasSize(1);
    }

    /** Reads a whole request, and answers every second one; closes the connection on the others. */
    private Upstream flakyReader() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        return stage.upstream((peer, _) -> {
            String head = peer.readHead();
            int at = head.indexOf("Content-Length: ") + 16;
            peer.read(Integer.parseInt(head.substring(at, head.indexOf('|', at))));
            if (requests.incrementAndGet() % 2 == 0) {
                peer.send("HTTP/1.1 200 OK|Connection: close|Content-Length: 5||hello");
            }
        });
    }

    private Client.Answer put(int length) throws IOException {
        return stage.client(port)
                .send("PUT / HTTP/1.1|Host: shop.test|Content-Length: " + length + "||")
                .send(new byte[length])
                .read();
    }

    /** 500 requests in far less than the ten seconds that they stand for: the share, and ten for each second begun. */
    @Test
    void makesAtMostAQuarterMoreTriesThanRequestsWhenEverythingFails() throws Exception {
        Upstream bad = stage.answering("HTTP/1.1 503 No|Content-Length: 0||");
        shop(everything(4).onStatuses(503, 503), PATIENT, bad.port());
        int requests = 1_000;
        long start = System.nanoTime();
        Thread[] clients = new Thread[8];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = Thread.ofVirtual().start(() -> askOften(requests / clients.length));
        }
        for (Thread client : clients) {
            client.join();
        }
        long seconds =
                Duration.ofNanos(System.nanoTime() - start).toSeconds() + 2; // the clock's seconds that were begun
        Stage.await(() -> stage.outcomes.all().size() == requests);
        int tries = stage.outcomes.all().stream()
                .mapToInt(outcome -> outcome.attempts().size())
                .sum();
        assertThat(bad.heads()).hasSize(tries);
        assertThat(tries).isLessThanOrEqualTo(requests + requests / 5 + (int) (10 * seconds));
        assertThat(tries).isGreaterThan(requests);
        assertThat(stage.outcomes.all()).allMatch(outcome -> outcome.status() == 503);
        assertThat(stage.outcomes.refusals()).contains(RetryRefusal.BUDGET_EMPTY);
    }

    private void askOften(int times) {
        try (Client client = Client.at(port)) {
            for (int i = 0; i < times; i++) {
                assertThat(client.send("GET / HTTP/1.1|Host: shop.test||")
                                .read()
                                .status())
                        .isEqualTo(503);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
