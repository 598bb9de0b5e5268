package dev.weft.runtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.runtime.pod.RunningContainer;
import dev.weft.runtime.process.ProcessUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looks at one process, whose figures the test gives, by a clock that only the test moves. */
final class UsageMeterTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Boolean> exact = new ArrayList<>();
    private final RunningContainer container = new RunningContainer(Kinds.POD.key("default", "shop"), "main", 1, BEGIN);
    private Instant now = BEGIN;
    private final UsageMeter meter = new UsageMeter(() -> List.of(container), new OneProcess(), () -> now);

    @AfterEach
    void stop() {
        meter.close();
    }

    @Test
    void tellsSharedMemoryApartWhileSomebodyAsks() {
        lookAfter(Duration.ofSeconds(10));
        assertThat(exact).as("nobody has asked").containsExactly(false);

        assertThat(memory()).isEqualTo(200);
        lookAfter(Duration.ofSeconds(10));
        assertThat(exact).containsExactly(false, true);
        assertThat(memory()).isEqualTo(100);

        lookAfter(Duration.ofSeconds(119));
        lookAfter(Duration.ofSeconds(10));
        assertThat(exact).as("nobody has asked for two minutes").containsExactly(false, true, true, false);
    }

    private void lookAfter(Duration time) {
        now = now.plus(time);
        meter.look();
    }

    private long memory() {
        return meter.pods().getFirst().containers().getFirst().bytes();
    }

    /** Shares half of what it holds. */
    private final class OneProcess implements UsageMeter.Machine {

        @Override
        public Map<Long, ProcessUse> of(List<Long> processes, boolean exactly) {
            exact.add(exactly);
            return Map.of(1L, new ProcessUse(0, exactly ? 100 : 200));
        }

        @Override
        public long busyNanos() {
            return 0;
        }

        @Override
        public long usedBytes() {
            return 0;
        }
    }
}
