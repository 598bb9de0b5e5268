package dev.weft.resources.reading;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which regular expressions may stand in a resource. */
class ExpressionsTest {

    /** A letter is a step, and there is one to fail and one to match. */
    @Test
    void hasTwoHundredStepsAtMost() {
        assertThat(Expressions.problem("a".repeat(198))).isEmpty();
        assertThat(Expressions.problem("a".repeat(199)))
                .contains("the expression is too large: 201 steps, at most 200.");
        assertThat(Expressions.problem("(ab?c|d){60}"))
                .as("a short text that is large")
                .hasValueSatisfying(problem -> assertThat(problem).endsWith("steps, at most 200."));
    }

    @Test
    void isOfRe2() {
        assertThat(Expressions.problem("^/v([0-9]+)/")).isEmpty();
        assertThat(Expressions.problem("(?=a)b"))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("not a regular expression of RE2: "));
    }
}
