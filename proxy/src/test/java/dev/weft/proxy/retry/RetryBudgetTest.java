package dev.weft.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private final RetryBudget budget = new RetryBudget(2);

    @Test
    void allowsAHundredInTenSecondsWithoutAnyTraffic() {
        assertThat(withdrawn(500)).isEqualTo(100);
    }

    @Test
    void allowsAFifthOfTheRequestsOfAllLoopsBesides() {
        deposit(0, 600, 500);
        deposit(1, 400, 500);

        assertThat(withdrawn(500)).isEqualTo(300);
    }

    @Test
    void forgetsWhatIsOlderThanTenSeconds() {
        deposit(0, 1_000, 500);
        assertThat(withdrawn(500)).isEqualTo(300);

        assertThat(withdrawn(505)).isZero();
        assertThat(withdrawn(509)).isZero();
        assertThat(withdrawn(510)).isEqualTo(100);
    }

    @Test
    void holdsWhenSeveralLoopsWithdrawAtOnce() throws Exception {
        Callable<Integer> loop = () -> withdrawn(500);
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            int sum = 0;
            for (Future<Integer> each :
                    loops.invokeAll(IntStream.range(0, 4).mapToObj(_ -> loop).toList())) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(100);
        }
    }

    @Test
    void worksFromAnyOriginOfTheClock() {
        RetryBudget early = new RetryBudget(1);
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
