package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Circuit breakers, limits and balancing through real sockets and two loops. */
class BreakingTest {

    private static final String HELLO = "HTTP/1.1 200 OK|Content-Length: 5||hello";
    private static final String FAILURE = "HTTP/1.1 500 No|Content-Length: 0||";
    private static final String GET = "GET / HTTP/1.1|Host: shop.test||";

    /** By how fast they answer, one that fails might not be asked often enough to be taken out. */
    private static final Balancing TURNS = new Balancing.RoundRobin();

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

    @Test
    void takesAFailingEndpointOutForAllLoops() throws IOException {
        AtomicInteger failures = new AtomicInteger();
        Upstream bad = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                failures.incrementAndGet();
                peer.send(FAILURE);
            }
        });
        Upstream good = stage.answering(HELLO);
        show(breaking(TURNS, 50, 50), bad, good);

        for (int i = 0; i < 200; i++) {
            stage.client(port).send(GET).read(); // a connection each, so that both loops take part
        }

        assertThat(failures.get()).as("requests to the failing one, of 200").isBetween(7, 9);
        Outcome last = stage.outcomes.all().stream()
                .filter(outcome -> outcome.status() == 500)
                .toList()
                .getLast();
        assertThat(last.decisions()).extracting(Decision::station).contains("circuit breaker");
    }

    @Test
    void saysWhenEveryEndpointIsOut() throws IOException {
        Upstream bad = stage.answering(FAILURE);
        show(breaking(100, 0), bad);
        for (int i = 0; i < 7; i++) {
            assertThat(stage.client(port).send(GET).read().status()).isEqualTo(500);
        }

        Client.Answer answer = stage.client(port).send(GET).read();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.has("weft-error: circuit-open")).isTrue();
        assertThat(answer.body()).contains("7 failures in a row");
    }

    @Test
    void takesAFailingInstanceOutThatTakesOneRequestAtATime() throws IOException {
        AtomicInteger failures = new AtomicInteger();
        Upstream bad = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                failures.incrementAndGet();
                peer.send(FAILURE);
            }
        });
        show(1, breaking(TURNS, 50, 50), bad, stage.answering(HELLO));

        for (int i = 0; i < 200; i++) {
            stage.client(port).send(GET).read();
        }

        assertThat(failures.get()).as("requests to the failing one, of 200").isBetween(7, 9);
    }

    @Test
    void letsNobodyWaitForInstancesThatAreAllOut() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        Upstream bad = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                awaitQuietly(go);
                peer.send(FAILURE);
            }
        });
        show(1, breaking(100, 0), bad);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(stage.client(port).send(GET));
        }
        Stage.await(() -> stage.outcomes.routed() == 10);
        go.countDown();

        List<Client.Answer> answers = new ArrayList<>();
        for (Client client : clients) {
            answers.add(client.read());
        }

        assertThat(answers.stream().filter(answer -> answer.status() == 500)).hasSize(7);
        assertThat(answers.stream().filter(answer -> answer.has("weft-error: circuit-open")))
                .hasSize(3);
    }

    @Test
    void usesAllEndpointsInAPanic() throws IOException {
        Upstream bad = stage.answering(FAILURE);
        Upstream worse = stage.answering(FAILURE);
        Upstream good = stage.answering(HELLO);
        show(breaking(new Balancing.RoundRobin(), 100, 50), bad, worse, good);
        for (int i = 0; i < 100; i++) {
            stage.client(port).send(GET).read();
        }
        assertThat(bad.heads().size() + worse.heads().size())
                .as("requests to the two failing ones, of 100: 14 would take both out for good")
                .isGreaterThan(30);
    }

    @Test
    void letsRequestsWaitForAConnectionAndRefusesTheRest() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Upstream slow = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                awaitQuietly(go);
                atOnce.decrementAndGet();
                peer.send(HELLO);
            }
        });
        show(limits(new ConnectionLimits(1, 1, 10, 0)), slow);
        Client first = stage.client(port).send(GET);
        stage.awaitRouted(1);
        Stage.await(() -> atOnce.get() == 1);
        Client second = stage.client(port).send(GET);
        stage.awaitRouted(2);

        Client.Answer third = stage.client(port).send(GET).read();
        go.countDown();

        assertThat(third.status()).isEqualTo(503);
        assertThat(third.has("weft-error: limit-reached")).isTrue();
        assertThat(third.body()).contains("1 pending requests");
        assertThat(first.read().body()).isEqualTo("hello");
        assertThat(second.read().body()).isEqualTo("hello");
        assertThat(most).as("requests in the endpoint at once").hasValue(1);
    }

    @Test
    void givesBackWhatWaitedWhenItsClientLeaves() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        Upstream slow = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                awaitQuietly(go);
                peer.send(HELLO);
            }
        });
        show(limits(new ConnectionLimits(1, 1, 10, 0)), slow);
        Client first = stage.client(port).send(GET);
        stage.awaitRouted(1);
        Client second = stage.client(port).send(GET);
        stage.awaitRouted(2);
        second.close();
        Stage.await(() -> stage.outcomes.endedWithService() == 1 && stage.proxy.inFlight() == 1);

        Client third = stage.client(port).send(GET);
        stage.awaitRouted(3);
        go.countDown();

        assertThat(first.read().body()).isEqualTo("hello");
        assertThat(third.read().body()).isEqualTo("hello");
    }

    @Test
    void givesLittleToAnEndpointThatIsTenTimesSlower() throws Exception {
        Upstream slow = answeringAfter(100);
        Upstream one = answeringAfter(10);
        Upstream other = answeringAfter(10);
        show(TrafficPolicy.DEFAULT, slow, one, other);
        CountDownLatch done = new CountDownLatch(3);
        AtomicInteger good = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            Thread.ofVirtual().start(() -> {
                try (Client client = Client.at(port)) {
                    for (int j = 0; j < 100; j++) {
                        good.addAndGet(client.send(GET).read().status() == 200 ? 1 : 0);
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        assertThat(good).hasValue(300);
        assertThat(served.get())
                .as(
                        "requests to the slow one, of 300: a third, were it not slow; the others are not always fast either")
                .isLessThan(60);
    }

    @Test
    void keepsAClientAtItsEndpointByACookie() throws IOException {
        Upstream[] shops = new Upstream[5];
        for (int i = 0; i < shops.length; i++) {
            shops[i] = stage.answering("HTTP/1.1 200 OK|Content-Length: 1||" + i);
        }
        show(
                policy(
                        new Balancing.Maglev(
                                new Balancing.HashKey.Cookie("sticky", "/", Optional.of(Duration.ofMinutes(1)))),
                        CircuitBreaking.OFF,
                        ConnectionLimits.NONE),
                shops);
        for (int i = 0; i < 10; i++) {
            Client.Answer first = stage.client(port).send(GET).read();
            assertThat(first.head()).contains("; Max-Age=60; Path=/; HttpOnly");
            int at = first.head().indexOf("sticky=");
            String cookie = first.head().substring(at, first.head().indexOf(';', at));
            Client.Answer next = stage.client(port)
                    .send("GET / HTTP/1.1|Host: shop.test|Cookie: other=1; " + cookie + "||")
                    .read();
            assertThat(next.body()).isEqualTo(first.body());
            assertThat(next.head()).doesNotContain("sticky=");
        }
    }

    @Test
    void refusesAtOnceWhereThereIsNoEndpoint() throws IOException {
        show(TrafficPolicy.DEFAULT);
        Client client = stage.client(port);
        for (int i = 0; i < 20; i++) {
            assertThat(client.send(GET).read().has("weft-error: no-endpoint")).isTrue();
        }
        List<Outcome> outcomes = stage.outcomes.all();
        assertThat(outcomes.stream().mapToLong(Outcome::totalNanos).min().orElseThrow())
                .as("the fastest of 20 refusals, in nanoseconds")
                .isLessThan(Duration.ofMillis(50).toNanos());
        assertThat(outcomes).extracting(Outcome::error).containsOnly(Optional.of(ErrorCode.NO_ENDPOINT));
        assertThat(stage.outcomes.next(Hop.EDGE).attempts()).isEmpty();
    }

    private final AtomicInteger served = new AtomicInteger();

    /** The slow one, of 100 ms, counts what it serves. */
    private Upstream answeringAfter(int millis) throws IOException {
        return stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                if (millis == 100) {
                    served.incrementAndGet();
                }
                LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
                peer.send(HELLO);
            }
        });
    }

    private void show(TrafficPolicy policy, Upstream... upstreams) {
        show(0, policy, upstreams);
    }

    private void show(int concurrency, TrafficPolicy policy, Upstream... upstreams) {
        List<Endpoint> endpoints = List.of(upstreams).stream()
                .map(each -> Scene.plain(each.port()))
                .toList();
        stage.scene.group(new EndpointGroup(Scene.service("shop"), endpoints, false, concurrency).with(policy));
        stage.show();
    }

    private static TrafficPolicy breaking(int ejectedPercent, int panicPercent) {
        return breaking(Balancing.PEAK_EWMA, ejectedPercent, panicPercent);
    }

    private static TrafficPolicy breaking(Balancing balancing, int ejectedPercent, int panicPercent) {
        return policy(
                balancing,
                new CircuitBreaking(
                        7,
                        Optional.empty(),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        0,
                        ejectedPercent,
                        panicPercent),
                ConnectionLimits.NONE);
    }

    private static TrafficPolicy limits(ConnectionLimits limits) {
        return policy(Balancing.PEAK_EWMA, CircuitBreaking.OFF, limits);
    }

    private static TrafficPolicy policy(Balancing balancing, CircuitBreaking breaking, ConnectionLimits limits) {
        return new TrafficPolicy(balancing, Duration.ZERO, TrafficPolicy.Zones.ANY, breaking, limits, false);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
