package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Snapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ManyServicesTest {

    @Test
    @Timeout(60)
    void compilesAThousandServicesWithoutLookingAtEveryPodForEachOfThem() {
        Given given = new Given();
        for (int i = 0; i < 1_000; i++) {
            given.service("s" + i).pod("s" + i, "s" + i + "-a", true).pod("s" + i, "s" + i + "-b", true);
        }

        Snapshot first = given.compile();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean(); // its own time, and not that of other programs
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 20; i++) {
            given.compile();
        }
        Duration each =
                Duration.ofNanos(threads.getCurrentThreadCpuTime() - start).dividedBy(20);

        assertThat(first.groups().values())
                .hasSize(1_000)
                .allSatisfy(group -> assertThat(group.endpoints()).hasSize(2));
        // Squared, it takes seconds; straight, some milliseconds. The limit leaves room for a slow machine.
        assertThat(each).isLessThan(Duration.ofMillis(500));
    }
}
