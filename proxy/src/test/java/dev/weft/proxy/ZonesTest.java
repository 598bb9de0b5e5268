package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that prefers close endpoints, called by a pod that stands in a zone. */
class ZonesTest {

    private static final String CALL = "GET / HTTP/1.1|Host: quote||";
    private static final TrafficPolicy CLOSE = new TrafficPolicy(
            Balancing.PEAK_EWMA,
            Duration.ZERO,
            TrafficPolicy.Zones.CLOSE,
            CircuitBreaking.OFF,
            ConnectionLimits.NONE,
            false);

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int elsewhere = Ports.free();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicInteger close = new AtomicInteger();
    private final AtomicInteger far = new AtomicInteger();
    private Upstream inA;
    private Upstream inB;

    @BeforeEach
    void open() throws IOException {
        inA = upstream(close);
        inB = upstream(far);
        stage.scene
                .pod("hello", "127.1.7.1", outbound, Ports.free(), 1)
                .zone("hello", "a")
                .pod("stranger", "127.1.7.2", elsewhere, Ports.free(), 1)
                .zone("stranger", "b")
                .group(quote(inA.port()));
        stage.show();
    }

    private EndpointGroup quote(int portInA) {
        return new EndpointGroup(
                Scene.service("quote"),
                List.of(Scene.plain(portInA), Scene.plain(inB.port())),
                false,
                0,
                CLOSE,
                List.of("a", "b"));
    }

    /** Answers at once, but for {@code /slow}. */
    private Upstream upstream(AtomicInteger asked) throws IOException {
        return stage.upstream((peer, _) -> {
            while (true) {
                boolean slow = peer.readHead().contains(" /slow ");
                asked.incrementAndGet();
                if (slow) {
                    await(mayEnd);
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 0||");
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        mayEnd.countDown();
        stage.close();
    }

    private void ask(String address, int port, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(stage.client(address, port).send(CALL).read().status()).isEqualTo(200);
        }
    }

    @Test
    void isServedInTheCallersOwn() throws IOException {
        ask("127.1.7.1", outbound, 30);
        assertThat(close).hasValue(30);
        assertThat(far).hasValue(0);
        ask("127.1.7.2", elsewhere, 30);
        assertThat(close).hasValue(30);
        assertThat(far).hasValue(30);
    }

    @Test
    void goesOnElsewhereWhenItsOwnHasMoreToDo() throws IOException {
        List<Client> held = new ArrayList<>();
        while (far.get() == 0 && held.size() < 200) {
            int asked = held.size() + 1;
            held.add(stage.client("127.1.7.1", outbound).send("GET /slow HTTP/1.1|Host: quote||"));
            Stage.await(() -> close.get() + far.get() == asked);
        }
        assertThat(close.get()).as("in its own zone first").isGreaterThan(1);
        assertThat(far).as("and then in the other").hasValue(1);
        mayEnd.countDown();
        for (Client each : held) {
            assertThat(each.read().status()).isEqualTo(200);
        }
    }

    @Test
    void goesOnElsewhereWhenItsOwnIsGone() throws IOException {
        stage.scene.group(quote(Ports.free())); // that of a closed server may be another's at once
        stage.show();
        ask("127.1.7.1", outbound, 10);
        assertThat(far).hasValue(10);
    }
}
