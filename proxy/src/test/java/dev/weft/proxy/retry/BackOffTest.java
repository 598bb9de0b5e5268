package dev.weft.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private static final Failure UNSENT = Failure.of(ErrorCode.CONNECT_FAILED, false, false);
    private static final Failure ANSWERED = new Failure.Answered(503);

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void triesAnotherEndpointAtOnceWhenNoneBegan() {
        assertThat(BackOff.nanos(1, UNSENT, random)).isZero();
    }

    @Test
    void waitsARandomPartOfAGrowingTime() {
        for (int tries = 1; tries < 30; tries++) {
            long most = Math.min(BackOff.MOST_NANOS, BackOff.FIRST_NANOS << Math.min(tries - 1, 10));
            for (int i = 0; i < 200; i++) {
                assertThat(BackOff.nanos(tries, ANSWERED, random)).isBetween(0L, most);
            }
        }
        assertThat(BackOff.nanos(2, UNSENT, random)).isPositive();
    }
}
