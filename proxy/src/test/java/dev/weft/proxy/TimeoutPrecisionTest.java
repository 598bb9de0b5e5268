package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** How much later than its value each timeout is seen by a client; reported, and bounded far above what it takes. */
@Tag("full")
class TimeoutPrecisionTest {

    private static final Duration LIMIT = Duration.ofMillis(100);
    private static final int REQUESTS = 200;

    private final Stage stage = new Stage();
    private final CountDownLatch over = new CountDownLatch(1);
    private final TestReporter figures;

    TimeoutPrecisionTest(TestReporter figures) {
        this.figures = figures;
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        stage.close();
    }

    @Test
    void endsEveryPartWithinMillisecondsOfItsLimit() throws IOException {
        int port = Ports.free();
        Timeouts none = Timeouts.ofRequest(Duration.ZERO);
        Map<String, Timeouts> all = new TreeMap<>(Map.of(
                "request", Timeouts.ofRequest(LIMIT),
                "try", none.withPerTry(LIMIT),
                "header", none.withHeader(LIMIT),
                "response", none.withResponse(LIMIT),
                "idle", none.withIdle(LIMIT)));
        Upstream silent = stage.upstream((_, _) -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        stage.scene.edge(port).group("shop", Scene.plain(silent.port()));
        all.forEach((name, timeouts) -> stage.scene.host(name + ".test", "shop", timeouts, RetryPolicy.NONE));
        stage.show();
        for (String name : all.keySet()) {
            double[] late = new double[REQUESTS];
            for (int i = 0; i < REQUESTS; i++) {
                try (Client client = Client.at(port)) {
                    long start = System.nanoTime();
                    int status = client.send("GET / HTTP/1.1|Host: " + name + ".test||")
                            .read()
                            .status();
                    late[i] = (System.nanoTime() - start) / 1e6 - LIMIT.toMillis();
                    assertThat(status).isEqualTo(504);
                }
            }
            Arrays.sort(late);
            figures.publishEntry(
                    name + " timeout late by ms",
                    "min %.1f, p50 %.1f, p99 %.1f, max %.1f"
                            .formatted(late[0], late[REQUESTS / 2], late[REQUESTS * 99 / 100], late[REQUESTS - 1]));
            assertThat(late[0]).isGreaterThanOrEqualTo(0);
            assertThat(late[REQUESTS / 2]).isLessThan(1_000);
        }
    }
}
