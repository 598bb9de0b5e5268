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
import java.util.LongSummaryStatistics;
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

    /** The attack lasts, as whoever is closed connects again. */
    @Test
    @Tag("full")
    void twoThousandSlowClientsAtMostDoubleTheTimeOfOthers() throws IOException {
        limits(Duration.ofSeconds(10));
        long alone;
        long among;
        try (Client normal = Client.at(port)) {
            tail(normal, 10, () -> {}); // warms everything up
            alone = tail(normal, 10, () -> {});
            try (SlowClients slow =
                    new SlowClients(port, 2_000, Duration.ofSeconds(1).toNanos())) {
                Stage.await(() -> slow.open() >= 1_900);
                tail(normal, 5, () -> {});
                LongSummaryStatistics open = new LongSummaryStatistics();
                among = tail(normal, 30, () -> open.accept(slow.open()));
                // At one moment there may be fewer: they began together, so their time is over together.
                assertThat(open.getAverage()).isGreaterThan(1_500);
                assertThat(slow.ended()).isPositive();
                figures.publishEntry(
                        "p99 of others beyond the machine's own, ms, in the median second",
                        "%.2f alone, %.2f among %.0f slow clients on average (%d ended by the proxy, %d told 408)"
                                .formatted(alone / 1e6, among / 1e6, open.getAverage(), slow.ended(), slow.told()));
            }
        }
        assertThat(among).isLessThan(2 * alone + NOISE_NANOS);
    }

    /** Of the p99 of each second's requests, less the machine's own lateness in it, the median. */
    private static long tail(Client client, int seconds, Runnable eachSecond) throws IOException {
        long[] tails = new long[seconds];
        for (int second = 0; second < seconds; second++) {
            long[] nanos = new long[PER_SECOND];
            long[] late = new long[PER_SECOND]; // how late the machine wakes a thread that asks for nothing
            Thread beside = Thread.ofPlatform().start(() -> pace(late));
            long start = System.nanoTime();
            for (int i = 0; i < nanos.length; i++) {
                LockSupport.parkNanos(start + i * (1_000_000_000L / PER_SECOND) - System.nanoTime());
                long sent = System.nanoTime();
                assertThat(client.send(GET).read().body()).isEqualTo("hello");
                nanos[i] = System.nanoTime() - sent;
            }
            join(beside);
            eachSecond.run();
            tails[second] = Math.max(0, p99(nanos) - p99(late));
        }
        Arrays.sort(tails);
        return tails[seconds / 2];
    }

    private static long p99(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length * 99 / 100];
    }

    private static void pace(long[] late) {
        long start = System.nanoTime();
        for (int i = 0; i < late.length; i++) {
            long due = start + i * (1_000_000_000L / PER_SECOND);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            late[i] = System.nanoTime() - due;
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
