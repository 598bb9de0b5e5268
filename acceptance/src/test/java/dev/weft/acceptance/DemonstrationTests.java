package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code weft demo faas}, as the README tells people to run it. */
final class DemonstrationTests {

    @Test
    void everyStatementHoldsAndNothingIsLeft() {
        WeftCommand.Result result = WeftCommand.weft("demo", "faas");

        assertThat(result.exitCode()).as(result.output()).isZero();
        for (int number = 1; number <= 12; number++) {
            assertThat(result.output()).containsPattern("(?m)^ ?" + number + " ok   ");
        }
        assertThat(result.output())
                .contains("ok   nothing left running")
                .contains("every statement held")
                .doesNotContain("FAIL");
    }
}
