package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when endpoints fail, sleep, are full, or change. */
class FailingTest {

    private static final String HELLO = "HTTP/1.1 200 OK|Content-Length: 5||hello";
    private static final String GET = "GET / HTTP/1.1|Host: shop.test||";

    private volatile CompletableFuture<Void> capacity = new CompletableFuture<>();
    private final Stage stage = new Stage((_, _) -> capacity);
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
    void triesAnotherEndpointWhenAConnectionIsRefused() throws IOException {
        Upstream alive = stage.answering(HELLO);
        stage.scene.group("shop", Scene.plain(Ports.free()), Scene.plain(alive.port()));
        stage.show();
        for (int i = 0; i < 10; i++) {
            assertThat(stage.client(port).send(GET).read().status()).isEqualTo(200);
        }
    }

    @Test
    void triesAgainWhenAnIdempotentRequestIsCutOffBeforeItsAnswer() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        Upstream flaky = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.read(3); // closing with something unread resets the connection, answer and all
            if (requests.incrementAndGet() % 2 == 0) {
                peer.send(HELLO);
            }
        });
        stage.scene.group("shop", Scene.plain(flaky.port()));
        stage.show();
        assertThat(stage.client(port)
                        .send("PUT / HTTP/1.1|Host: shop.test|Content-Length: 3||abc")
                        .read()
                        .body())
                .isEqualTo("hello");
        Outcome outcome = stage.outcomes.next(Hop.EDGE);
        assertThat(outcome.attempts()).hasSize(2);
        assertThat(outcome.attempts().getFirst().error()).contains(ErrorCode.UPSTREAM_CLOSED);
    }

    @Test
    void neverRepeatsARequestThatMayHaveHadAnEffect() throws IOException {
        Upstream dying = stage.upstream((peer, _) -> peer.readHead());
        stage.scene.group("shop", Scene.plain(dying.port()));
        stage.show();
        Client.Answer answer = stage.client(port)
                .send("POST / HTTP/1.1|Host: shop.test|Content-Length: 0||")
                .read();
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.has("weft-error: upstream-closed")).isTrue();
        assertThat(dying.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK|Content-", "HTTP/1.1 103 Early Hints||", "SSH-2.0-something|"})
    void neverRepeatsARequestOfWhoseAnswerAPartArrived(String part) throws IOException {
        Upstream dying = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.send(part);
        });
        stage.scene.group("shop", Scene.plain(dying.port()));
        stage.show();
        stage.client(port).send(GET);
        Outcome outcome = stage.outcomes.next(Hop.EDGE);
        assertThat(outcome.attempts()).hasSize(1);
        assertThat(outcome.error()).contains(ErrorCode.UPSTREAM_PROTOCOL);
    }

    @Test
    void repeatsGatewayErrorsWhereTheRuleSaysSo() throws IOException {
        Upstream bad = stage.answering("HTTP/1.1 503 No|Content-Length: 0||");
        Upstream good = stage.answering(HELLO);
        stage.scene.host("shop.test", "shop", Duration.ofSeconds(5), RetryPolicy.DEFAULT.onStatuses(502, 504));
        stage.scene.group("shop", Scene.plain(bad.port()), Scene.plain(good.port()));
        stage.show();
        for (int i = 0; i < 10; i++) {
            assertThat(stage.client(port).send(GET).read().status()).isEqualTo(200);
        }
    }

    @Test
    void saysWhenThereIsNoEndpoint() throws IOException {
        stage.scene.group("shop");
        stage.show();
        Client.Answer answer = stage.client(port).send(GET).read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.has("weft-error: no-endpoint")).isTrue();
    }

    @Test
    void refusesAnAnswerThatBreaksTheProtocol() throws IOException {
        Upstream broken = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.send("SSH-2.0-something|");
        });
        stage.scene.group("shop", Scene.plain(broken.port()));
        stage.show();
        assertThat(stage.client(port).send(GET).read().has("weft-error: upstream-protocol"))
                .isTrue();
    }

    @Test
    void holdsARequestUntilItsServiceHasWokenUp() throws IOException {
        Upstream shop = stage.answering(HELLO);
        stage.scene.group(new EndpointGroup(Scene.service("shop"), List.of(), true, 0));
        stage.show();
        Client client = stage.client(port).send(GET);
        Stage.await(() -> stage.outcomes.routed() == 1);
        capacity.complete(null);
        stage.scene.group(new EndpointGroup(Scene.service("shop"), List.of(Scene.plain(shop.port())), true, 0));
        stage.show();
        assertThat(client.read().body()).isEqualTo("hello");
        assertThat(stage.outcomes.next(Hop.EDGE).waitedNanos()).isGreaterThan(0);
    }

    @Test
    void saysWhyAServiceDoesNotWakeUp() throws IOException {
        stage.scene.group(new EndpointGroup(Scene.service("shop"), List.of(), true, 0));
        stage.show();
        capacity.completeExceptionally(new IllegalStateException("the function throws on start"));
        Client.Answer answer = stage.client(port).send(GET).read();
        assertThat(answer.has("weft-error: capacity-failed")).isTrue();
        assertThat(answer.body()).contains("the function throws on start");
        capacity = CompletableFuture.failedFuture(new TimeoutException("not within 5 s"));
        assertThat(stage.client(port).send(GET).read().has("weft-error: capacity-timeout"))
                .isTrue();
    }

    @Test
    void neverHasMoreRequestsAtOnceInAnEndpointThanItAllows() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Upstream shop = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
                now.decrementAndGet();
                peer.send(HELLO);
            }
        });
        stage.scene.group(new EndpointGroup(Scene.service("shop"), List.of(Scene.plain(shop.port())), true, 2));
        stage.show();
        CountDownLatch done = new CountDownLatch(16);
        AtomicInteger good = new AtomicInteger();
        for (int i = 0; i < 16; i++) {
            Thread.ofVirtual().start(() -> {
                try (Client client = Client.at(port)) {
                    for (int j = 0; j < 5; j++) {
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
        assertThat(good).hasValue(80);
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void losesNothingWhileListenersAndEndpointsChange() throws Exception {
        Upstream one = stage.answering(HELLO);
        Upstream two = stage.answering(HELLO);
        int other = Ports.free();
        stage.scene.group("shop", Scene.plain(one.port()));
        stage.show();
        AtomicInteger bad = new AtomicInteger();
        AtomicInteger good = new AtomicInteger();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Thread.ofVirtual().start(() -> {
                try (Client client = Client.at(port)) {
                    while (stop.getCount() > 0) {
                        (client.send(GET).read().status() == 200 ? good : bad).incrementAndGet();
                    }
                } catch (IOException _) {
                    bad.incrementAndGet();
                } finally {
                    done.countDown();
                }
            });
        }
        for (int i = 0; i < 40; i++) {
            stage.scene.group("shop", Scene.plain(i % 2 == 0 ? two.port() : one.port()));
            if (i % 2 == 0) {
                stage.scene.edge(other);
            } else {
                stage.scene.noEdge(other);
            }
            stage.show();
            int before = good.get();
            Stage.await(() -> good.get() > before || bad.get() > 0); // however slow the machine is
        }
        stop.countDown();
        done.await();
        assertThat(bad).hasValue(0);
        assertThat(good.get()).isGreaterThanOrEqualTo(40);
        assertThat(stage.outcomes.routed()).isEqualTo(stage.outcomes.endedWithService());
    }

    @Test
    void saysWhichPortIsTakenAndTakesItOnceItIsFree() throws IOException {
        Upstream shop = stage.answering(HELLO);
        stage.scene.group("shop", Scene.plain(shop.port()));
        try (ServerSocket _ = new ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress())) {
            stage.show();
            assertThat(stage.proxy.problems()).hasSize(1);
            assertThat(stage.proxy.problems().getFirst().message()).contains("127.0.0.1:" + port);
        }
        Stage.await(() -> stage.proxy.problems().isEmpty());
        assertThat(stage.client(port).send(GET).read().status()).isEqualTo(200);
    }

    @Test
    void letsRequestsEndWhenItDrains() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Upstream slow = stage.upstream((peer, _) -> {
            peer.readHead();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            peer.send(HELLO);
            peer.readHead();
        });
        stage.scene.group("shop", Scene.plain(slow.port()));
        stage.show();
        Client idle = stage.client(port);
        Client client = stage.client(port).send(GET);
        Stage.await(() -> stage.outcomes.routed() == 1);
        Thread draining = Thread.ofVirtual().start(() -> stage.proxy.drain(Duration.ofSeconds(10)));
        assertThat(idle.closed()).isTrue();
        assertThat(draining.isAlive()).isTrue();
        Stage.await(() -> stage.proxy.ports().isEmpty());
        assertThat(stage.proxy.inFlight()).isEqualTo(1); // behind the goodbyes, on each loop
        go.countDown();
        Client.Answer answer = client.read();
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.has("connection: close")).isTrue();
        draining.join();
    }
}
