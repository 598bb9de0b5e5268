package dev.weft.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RetryPolicy.Budget;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private final RetryBudget budget = new RetryBudget(Budget.DEFAULT, 2);

    @Test
    void allowsTenInEachSecondWithoutAnyTraffic() {
        assertThat(withdrawn(500)).isEqualTo(10);
        assertThat(withdrawn(501)).isEqualTo(10);
    }

    @Test
    void savesNothingUpForALaterSecond() {
        assertThat(withdrawn(500)).isEqualTo(10);
        assertThat(withdrawn(530)).isEqualTo(10);
    }

    @Test
    void allowsAFifthOfTheRequestsOfAllLoopsBesides() {
        deposit(0, 600, 500);
        deposit(1, 400, 500);

        assertThat(withdrawn(500)).isEqualTo(210);
        assertThat(withdrawn(501)).isEqualTo(10);
    }

    @Test
    void forgetsWhatIsOlderThanTenSeconds() {
        deposit(0, 1_000, 500);
        assertThat(withdrawn(500)).isEqualTo(210);
        deposit(0, 100, 509);

        assertThat(withdrawn(509)).isEqualTo(30);
        assertThat(withdrawn(510)).isEqualTo(10);
    }

    @Test
    void keepsEveryLengthOfTotalFailureBelowAQuarter() {
        int retries = 0;
        for (int second = 0; second < 60; second++) {
            for (int request = 0; request < 500; request++) {
                deposit(request % 2, 1, second);
                while (budget.withdraw(TimeUnit.SECONDS.toNanos(second))) {
                    retries++;
                }
            }
            assertThat(retries).isLessThanOrEqualTo((second + 1) * 500 / 4);
        }
        assertThat(retries).isEqualTo(60 * (100 + 10));
    }

    @Test
    void allowsWhatItsTermsSay() {
        RetryBudget generous = new RetryBudget(new Budget(100, 0), 1);
        assertThat(generous.withdraw(0)).isFalse();
        generous.deposit(0, 0);
        assertThat(generous.withdraw(0)).isTrue();
        assertThat(generous.withdraw(0)).isFalse();
    }

    @Test
    void holdsWhenSeveralLoopsWithdrawAtOnce() throws Exception {
        deposit(0, 1_000, 500);
        Callable<Integer> loop = () -> withdrawn(500);
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            int sum = 0;
            for (Future<Integer> each :
                    loops.invokeAll(IntStream.range(0, 4).mapToObj(_ -> loop).toList())) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(210);
        }
    }

    @Test
    void worksFromAnyOriginOfTheClock() {
        RetryBudget early = new RetryBudget(Budget.DEFAULT, 1);
        early.deposit(0, Long.MIN_VALUE);
        assertThat(early.withdraw(Long.MIN_VALUE)).isTrue();
        assertThat(early.withdraw(-1)).isTrue();
        assertThat(early.withdraw(0)).isTrue();
    }

    private void deposit(int loop, int requests, int second) {
        for (int i = 0; i < requests; i++) {
            budget.deposit(loop, TimeUnit.SECONDS.toNanos(second));
        }
    }

    private int withdrawn(int second) {
        int count = 0;
        while (budget.withdraw(TimeUnit.SECONDS.toNanos(second))) {
            count++;
        }
        return count;
    }
}
