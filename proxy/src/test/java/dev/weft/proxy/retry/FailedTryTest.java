package dev.weft.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.policy.RetryPolicy.Condition;
import dev.weft.proxy.retry.FailedTry.Verdict;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailedTryTest {

    private static final RetryPolicy GATEWAY_ERRORS = RetryPolicy.DEFAULT.onStatuses(502, 504);
    private static final RetryPolicy TIMEOUTS =
            new RetryPolicy(3, Set.of(Condition.TIMEOUT), Set.of(), Set.of(14), Budget.DEFAULT);
    private static final Failure CLOSED = Failure.of(ErrorCode.UPSTREAM_CLOSED, true, false);
    private static final Failure NOT_CONNECTED = Failure.of(ErrorCode.CONNECT_FAILED, false, false);

    private static Verdict verdict(String method, int tries, Failure failure, RetryPolicy policy) {
        return new FailedTry(method, tries, true, failure).verdict(policy);
    }

    @Test
    void repeatsAnIdempotentRequestOfWhoseAnswerNothingArrived() {
        assertThat(verdict("GET", 1, CLOSED, RetryPolicy.DEFAULT)).isEqualTo(Verdict.REPEAT);
    }

    @Test
    void repeatsAnyRequestThatNoEndpointBeganWith() {
        assertThat(verdict("POST", 1, NOT_CONNECTED, RetryPolicy.DEFAULT)).isEqualTo(Verdict.REPEAT);
        assertThat(verdict("POST", 1, Failure.of(ErrorCode.CONNECT_TIMEOUT, false, false), RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.REPEAT);
        assertThat(verdict("POST", 1, Failure.of(ErrorCode.REFUSED_STREAM, false, false), RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.REPEAT);
    }

    @Test
    void doesNotRepeatAPostThatMayHaveArrived() {
        assertThat(verdict("POST", 1, CLOSED, RetryPolicy.DEFAULT)).isEqualTo(Verdict.NOT_IDEMPOTENT);
        assertThat(verdict("POST", 1, new Failure.Answered(503), GATEWAY_ERRORS))
                .isEqualTo(Verdict.NOT_IDEMPOTENT);
    }

    @Test
    void doesNotRepeatWhenPartOfTheAnswerArrived() {
        assertThat(verdict("GET", 1, Failure.of(ErrorCode.UPSTREAM_CLOSED, true, true), RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.ANSWER_STARTED);
    }

    @Test
    void doesNotRepeatABodyThatIsGone() {
        assertThat(new FailedTry("PUT", 1, false, CLOSED).verdict(RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.BODY_GONE);
        assertThat(new FailedTry("PUT", 1, false, new Failure.Answered(503)).verdict(GATEWAY_ERRORS))
                .isEqualTo(Verdict.BODY_GONE);
    }

    @Test
    void stopsAfterTheTriesThatTheRuleAllows() {
        assertThat(verdict("GET", 3, CLOSED, RetryPolicy.DEFAULT)).isEqualTo(Verdict.TRIES_USED_UP);
        assertThat(verdict("GET", 1, NOT_CONNECTED, RetryPolicy.NONE)).isEqualTo(Verdict.TRIES_USED_UP);
        assertThat(verdict("GET", 3, new Failure.Answered(503), GATEWAY_ERRORS)).isEqualTo(Verdict.TRIES_USED_UP);
    }

    @Test
    void repeatsAnswersOnlyOfTheStatusesThatTheRuleNames() {
        assertThat(verdict("GET", 1, new Failure.Answered(503), RetryPolicy.DEFAULT))
                .isEqualTo(Verdict.ANSWERED);
        assertThat(verdict("GET", 1, new Failure.Answered(503), GATEWAY_ERRORS)).isEqualTo(Verdict.REPEAT);
        assertThat(verdict("GET", 1, new Failure.Answered(500), GATEWAY_ERRORS)).isEqualTo(Verdict.ANSWERED);
        assertThat(verdict("GET", 1, new Failure.Answered(508), RetryPolicy.DEFAULT.onStatuses(500, 599)))
                .isEqualTo(Verdict.ANSWERED);
    }

    @Test
    void repeatsWhatTookTooLongOnlyWhereTheRuleSaysSo() {
        Failure late = Failure.of(ErrorCode.TRY_TIMEOUT, true, false);
        assertThat(verdict("GET", 1, late, TIMEOUTS)).isEqualTo(Verdict.REPEAT);
        assertThat(verdict("GET", 1, Failure.of(ErrorCode.HEADER_TIMEOUT, true, false), TIMEOUTS))
                .isEqualTo(Verdict.REPEAT);
        assertThat(verdict("GET", 1, late, RetryPolicy.DEFAULT)).isEqualTo(Verdict.NOT_ASKED_FOR);
        assertThat(verdict("GET", 1, CLOSED, TIMEOUTS)).isEqualTo(Verdict.NOT_ASKED_FOR);
    }

    @Test
    void repeatsGrpcCallsOfTheStatusesThatTheRuleNames() {
        assertThat(verdict("POST", 1, new Failure.AnsweredGrpc(14), TIMEOUTS)).isEqualTo(Verdict.REPEAT);
        assertThat(verdict("POST", 1, new Failure.AnsweredGrpc(13), TIMEOUTS)).isEqualTo(Verdict.ANSWERED);
    }
}
