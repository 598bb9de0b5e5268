package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a proxy ends: first it is left, then it refuses, then what is under way ends, then it is gone. */
class DrainingTest {

    private static final String GET = "GET / HTTP/1.1|Host: quote.test||";

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void open() throws IOException {
        int inbound = Ports.free();
        Upstream program = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                asked.incrementAndGet();
                if (head.startsWith("GET /slow")) {
                    await();
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 5||hello");
            }
        });
        stage.scene
                .edge(edge)
                .host("quote.test", "quote")
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        stage.show();
    }

    private void await() {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        go.countDown();
        stage.close();
    }

    @Test
    void servesOnWhileItIsLeftAndSendsEverybodyElsewhere() throws IOException {
        Client old = stage.client(edge).send(GET);
        assertThat(old.read().has("connection: close")).isFalse();
        stage.proxy.retire();
        Client fresh = stage.client(edge).send(GET);
        Client.Answer answer = fresh.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.has("connection: close")).isTrue();
        assertThat(fresh.closed()).isTrue();
        assertThat(old.closed()).isTrue();
    }

    @Test
    void letsWhatIsUnderWayEndThroughTheWholeMesh() throws Exception {
        Client slow = stage.client(edge).send(GET.replace("/ ", "/slow "));
        Stage.await(() -> asked.get() == 1);
        assertThat(stage.proxy.inFlight("default/quote-1")).isEqualTo(1);
        Thread draining = Thread.ofVirtual().start(() -> stage.proxy.drain(Duration.ofSeconds(30)));
        Stage.await(() -> refused());
        assertThat(draining.isAlive()).isTrue();
        // asked of each loop behind the news that the edge closes: from here on every connection knows it
        assertThat(stage.proxy.inFlight("default/quote-1")).isEqualTo(1);
        go.countDown();
        Client.Answer answer = slow.read();
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.has("connection: close")).isTrue();
        draining.join();
        assertThat(stage.proxy.inFlight("default/quote-1")).isZero();
    }

    private boolean refused() {
        try (Client _ = Client.at(edge)) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void waitsNoLongerThanItsDeadline() throws IOException {
        Client slow = stage.client(edge).send(GET.replace("/ ", "/slow "));
        Stage.await(() -> asked.get() == 1);
        stage.proxy.drain(Duration.ofMillis(200));
        assertThat(stage.proxy.inFlight()).isPositive();
        stage.proxy.close();
        assertThatThrownBy(slow::read).isInstanceOf(IOException.class);
    }
}
