package dev.weft.catalog.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The arithmetic by occurrences, on examples counted by hand. */
final class BudgetTest {

    @Test
    void aThousandRequestsAtThreeNinesAllowOneBadOne() {
        Budget budget = Budget.of(0.999, 1_000, 1);

        assertThat(budget.allowed()).isEqualByComparingTo("1");
        assertThat(budget.remaining()).isEqualByComparingTo("0");
        assertThat(budget.remainingShare()).contains(0.0);
        assertThat(budget.burnRate()).contains(1.0);
        assertThat(budget.met()).contains(true);
        assertThat(budget.indicator()).contains(0.999);
    }

    @Test
    void halfTheBudgetIsLeftWhenHalfOfItIsSpent() {
        Budget budget = Budget.of(0.99, 20_000, 100);

        assertThat(budget.allowed()).isEqualByComparingTo("200");
        assertThat(budget.remainingShare()).contains(0.5);
        assertThat(budget.burnRate()).contains(0.5);
    }

    @Test
    void anOverspentBudgetIsNegative() {
        Budget budget = Budget.of(0.999, 10_000, 172);

        assertThat(budget.remainingShare().orElseThrow()).isCloseTo(-16.2, within(1e-9));
        assertThat(Budget.of(0.99, 10_000, 172).remainingShare().orElseThrow()).isCloseTo(-0.72, within(1e-12));
        assertThat(budget.met()).contains(false);
    }

    @Test
    void noTrafficIsNoDataAndNeverAHundredPercent() {
        Budget budget = Budget.of(0.999, 0, 0);

        assertThat(budget.indicator()).isEmpty();
        assertThat(budget.remainingShare()).isEmpty();
        assertThat(budget.burnRate()).isEmpty();
        assertThat(budget.met()).isEmpty();
    }

    @Test
    void aTargetGivenInPercentIsTheSameTarget() {
        assertThat(Budget.of(99.9 / 100, 1_000_000, 1_000).remaining()).isEqualByComparingTo("0");
        assertThat(Budget.of(99.99 / 100, 1_000_000, 0).allowed()).isEqualByComparingTo("100");
    }

    @Test
    void fourteenTimesTooManyFailuresBurnFourteenTimesAsFast() {
        assertThat(Budget.of(0.999, 100_000, 1_440).burnRate().orElseThrow()).isCloseTo(14.4, within(1e-12));
    }
}
