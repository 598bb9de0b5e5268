package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a change of a workload is worth a line. */
final class SettlingTests {

    private static final Key QUOTE = Kinds.DEPLOYMENT.key("default", "quote");

    private final Settling settling = new Settling();
    private long now;

    @Test
    void saysAFailureThatLastsOnce() {
        fails("ExitCode1", "oh no");
        assertThat(settling.due(now)).isEmpty();
        passes(Duration.ofSeconds(1));
        assertThat(settling.due(now))
                .singleElement()
                .satisfies(news -> assertThat(news.failure()).isPresent());

        fails("ExitCode1", "oh no");
        passes(Duration.ofHours(1));
        assertThat(settling.due(now)).isEmpty();
        assertThat(settling.untilDue(now)).isEmpty();
    }

    @Test
    void saysNothingOfWhatTheNextFileBrings() {
        fails("ImageNotLocal", "no LocalImage");
        passes(Duration.ofMillis(100));
        works();
        passes(Duration.ofHours(1));

        assertThat(settling.due(now)).isEmpty();
    }

    @Test
    void takesNumbersInWhatAProgramWroteForTheSameFailure() {
        fails("ExitCode1", "12:00:01 pid 4711: out of luck");
        passes(Duration.ofSeconds(1));
        settling.due(now);

        fails("ExitCode1", "12:00:59 pid 5000: out of luck");
        passes(Duration.ofSeconds(1));
        assertThat(settling.due(now)).isEmpty();

        fails("ExitCode1", "12:01:30 pid 5001: another reason");
        passes(Duration.ofSeconds(1));
        assertThat(settling.due(now)).hasSize(1);
    }

    @Test
    void saysThatItWorksAgainAfterACalm() {
        fails("ExitCode1", "oh no");
        passes(Duration.ofSeconds(1));
        settling.due(now);

        works();
        passes(Duration.ofSeconds(1));
        assertThat(settling.due(now)).isEmpty();
        passes(Duration.ofSeconds(5));
        assertThat(settling.due(now)).containsExactly(new Settling.News(QUOTE, Optional.empty()));
        assertThat(settling.due(now)).isEmpty();
    }

    @Test
    void speaksEverMoreRarelyOfWhatKeepsCrashing() {
        int lines = 0;
        for (int crash = 0; crash < 1_000; crash++) {
            fails("ExitCode1", "oh no");
            passes(Duration.ofSeconds(10));
            lines += settling.due(now).size();
            works();
            passes(Duration.ofSeconds(10));
            lines += settling.due(now).size();
        }

        assertThat(lines).isLessThan(10);
    }

    private void fails(String reason, String message) {
        settling.observe(QUOTE, Optional.of(new WorkloadFailure(QUOTE, reason, message)), now);
    }

    private void works() {
        settling.observe(QUOTE, Optional.empty(), now);
    }

    private void passes(Duration time) {
        now += time.toNanos();
    }
}
