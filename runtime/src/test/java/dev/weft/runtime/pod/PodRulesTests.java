package dev.weft.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PodRulesTests {

    @Test
    void replacesKnownNamesAndLeavesTheRest() {
        Map<String, String> known = Map.of("A", "1", "B_2", "$(A)");
        assertThat(Expansion.expand("$(A) $(B_2) $(C) $$(A) $A $() $$", known)).isEqualTo("1 $(A) $(C) $(A) $A $() $$");
    }

    @Test
    void theBackOffBeginsAtOnceAndDoublesToFiveMinutes() {
        BackOff backOff = new BackOff();
        assertThat(Stream.generate(() -> backOff.after(Duration.ZERO).toSeconds())
                        .limit(12))
                .containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
        assertThat(backOff.after(Duration.ofMinutes(10))).isZero();
    }
}
