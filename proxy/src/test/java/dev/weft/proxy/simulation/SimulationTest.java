package dev.weft.proxy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * No request is lost silently, the retry budget and the limits hold, nothing is sent to an endpoint after its removal has
 * been seen, whatever the seed does to servers, policies and discovery.
 */
class SimulationTest {

    private static final int REQUESTS = 300;

    @Test
    void losesNothingInFiveHundredSeeds() {
        run(1, 500);
    }

    @Test
    @Tag("full")
    void losesNothingInTenThousandSeeds(TestReporter figures) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime(); // what else the machine does is not its business
        run(1, 10_000);
        long seconds =
                Duration.ofNanos(threads.getCurrentThreadCpuTime() - start).toSeconds();
        figures.publishEntry("seconds of processor time for 10,000 seeds", Long.toString(seconds));
        assertThat(seconds).isLessThan(120);
    }

    private static void run(long first, int seeds) {
        Map<String, Integer> results = new TreeMap<>();
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                new World(seed)
                        .run(REQUESTS)
                        .results
                        .forEach((result, count) -> results.merge(result, count, Integer::sum));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(results.values().stream().mapToInt(count -> count).sum())
                .as("requests that ended: %s", results)
                .isEqualTo(seeds * REQUESTS);
        assertThat(results.keySet())
                .as("what can happen did happen")
                .contains(
                        "answered",
                        "circuit-open",
                        "client-closed",
                        "connect-failed",
                        "limit-reached",
                        "no-endpoint",
                        "overloaded",
                        "timeout",
                        "upstream-closed");
    }
}
