package dev.weft.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.RetryPolicy;
import dev.weft.proxy.retry.FailedTry.Verdict;
import org.junit.jupiter.api.Test;

class FailedTryTest {

    private static final RetryPolicy GATEWAY_ERRORS = new RetryPolicy(3, true);

    @Test
    void repeatsAnIdempotentRequestOfWhoseAnswerNothingArrived() {
        assertThat(new FailedTry("GET", 1, true, true, false, 0).verdict(RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.REPEAT);
    }

    @Test
    void repeatsAnyRequestOfWhichNoByteWasSent() {
        assertThat(new FailedTry("POST", 1, false, true, false, 0).verdict(RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.REPEAT);
    }

    @Test
    void doesNotRepeatAPostThatMayHaveArrived() {
        assertThat(new FailedTry("POST", 1, true, true, false, 0).verdict(RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.NOT_IDEMPOTENT);
    }

    @Test
    void doesNotRepeatWhenPartOfTheAnswerArrived() {
        assertThat(new FailedTry("GET", 1, true, true, true, 200).verdict(RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.ANSWER_STARTED);
    }

    @Test
    void doesNotRepeatABodyThatIsGone() {
        assertThat(new FailedTry("PUT", 1, true, false, false, 0).verdict(RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.BODY_GONE);
    }

    @Test
    void stopsAfterTheTriesThatTheRuleAllows() {
        assertThat(new FailedTry("GET", 3, true, true, false, 0).verdict(RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.TRIES_USED_UP);
        assertThat(new FailedTry("GET", 1, false, true, false, 0).verdict(RetryPolicy.NONE))
                .isEqualTo(Verdict.TRIES_USED_UP);
    }

    @Test
    void repeatsAnAnswerOf503OnlyWhereTheRuleSaysSo() {
        FailedTry unavailable = new FailedTry("GET", 1, true, true, false, 503);
        assertThat(unavailable.verdict(RetryPolicy.DEFAULT)).isEqualTo(Verdict.ANSWERED);
        assertThat(unavailable.verdict(GATEWAY_ERRORS)).isEqualTo(Verdict.REPEAT);
        assertThat(new FailedTry("GET", 1, true, true, false, 500).verdict(GATEWAY_ERRORS))
                .isEqualTo(Verdict.ANSWERED);
    }
}
