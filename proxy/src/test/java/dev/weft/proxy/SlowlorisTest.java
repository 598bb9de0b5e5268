package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.EdgeRules;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Many clients that do everything as slowly as they can take nothing from those that do not. */
class SlowlorisTest {

    private static final String GET = "GET / HTTP/1.1|Host: shop.test||";
    private static final String LARGE = "HTTP/1.1 200 OK|Content-Length: 1000000||" + "x".repeat(1_000_000);
    private static final int PER_SECOND = 200;
    private static final long NOISE_NANOS = Duration.ofMillis(2).toNanos();

    private final Stage stage = new Stage();
    private final int port = Ports.free();
    private final TestReporter figures;

    SlowlorisTest(TestReporter figures) {
        this.figures = figures;
    }

    @BeforeEach
    void openEdge() throws IOException {
        Upstream shop = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                if (head.startsWith("POST")) {
                    peer.read(1_000_000);
                }
                peer.send(head.startsWith("GET /large") ? LARGE : "HTTP/1.1 200 OK|Content-Length: 5||hello");
            }
        });
        stage.scene.edge(port).group("shop", Scene.plain(shop.port()));
    }

    private void limits(Duration patience) {
        Timeouts timeouts = Timeouts.ofRequest(Duration.ZERO).withIdle(patience);
        stage.scene
                .host("shop.test", "shop", timeouts, RetryPolicy.NONE)
                .rules(EdgeRules.DEFAULT.with(ClientLimits.DEFAULT.with(
                        ClientLimits.Patience.DEFAULT.with(patience, patience, Duration.ofMinutes(1)))));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @Test
    void twoHundredSlowClientsAreEndedAndOthersServed() throws IOException {
        limits(Duration.ofSeconds(1));
        try (SlowClients slow =
                        new SlowClients(port, 200, Duration.ofMillis(300).toNanos());
                Client normal = Client.at(port)) {
            Stage.await(() -> slow.open() >= 150);
            while (slow.ended() < 400 || slow.told() < 100) {
                assertThat(normal.send(GET).read().body()).isEqualTo("hello");
                LockSupport.parkNanos(5_000_000);
            }
        }
        assertThat(stage.outcomes.all().stream().map(Outcome::error).flatMap(java.util.Optional::stream))
                .contains(ErrorCode.REQUEST_TIMEOUT);
    }

    /** The attack lasts, as whoever is closed connects again. The lower of several figures says more than the busy machine. */
    @Test
    @Tag("full")
    void twoThousandSlowClientsAtMostDoubleTheTimeOfOthers() throws IOException {
        limits(Duration.ofSeconds(10));
        long alone;
        long among;
        try (Client normal = Client.at(port)) {
            tail(normal, 10); // warms everything up
            alone = tail(normal, 10);
            try (SlowClients slow =
                    new SlowClients(port, 2_000, Duration.ofSeconds(1).toNanos())) {
                Stage.await(() -> slow.open() >= 1_900);
                tail(normal, 5);
                among = tail(normal, 30);
                assertThat(slow.open()).isGreaterThan(1_500);
                assertThat(slow.ended()).isPositive();
                figures.publishEntry(
                        "p99 of others, ms",
                        "%.2f alone, %.2f among 2,000 slow clients (%d ended by the proxy, %d told 408)"
                                .formatted(alone / 1e6, among / 1e6, slow.ended(), slow.told()));
            }
        }
        assertThat(among).isLessThan(2 * alone + NOISE_NANOS);
    }

    /** The lowest p99 of each second's requests. */
    private static long tail(Client client, int seconds) throws IOException {
        long lowest = Long.MAX_VALUE;
        for (int second = 0; second < seconds; second++) {
            long[] nanos = new long[PER_SECOND];
            long start = System.nanoTime();
            for (int i = 0; i < nanos.length; i++) {
                LockSupport.parkNanos(start + i * (1_000_000_000L / PER_SECOND) - System.nanoTime());
                long sent = System.nanoTime();
                assertThat(client.send(GET).read().body()).isEqualTo("hello");
                nanos[i] = System.nanoTime() - sent;
            }
            Arrays.sort(nanos);
            lowest = Math.min(lowest, nanos[nanos.length * 99 / 100]);
        }
        return lowest;
    }
}
