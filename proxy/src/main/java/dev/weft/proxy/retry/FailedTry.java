package dev.weft.proxy.retry;

import dev.weft.model.traffic.RetryPolicy;

/**
 * What is known of a try that failed.
 *
 * @param method of the request
 * @param triesMade this one included, 1 or more
 * @param bytesSent whether any byte of the request may have reached the endpoint
 * @param bodyKept whether all of the request's body that was sent is still at hand; true for a request without a body
 * @param answerStarted whether a part of the answer has arrived, and then the end came
 * @param status the endpoint's answer; 0 when none arrived
 */
public record FailedTry(
        String method, int triesMade, boolean bytesSent, boolean bodyKept, boolean answerStarted, int status) {

    /** Whether the request may be tried once more. */
    public enum Verdict {
        REPEAT("it may be tried again"),
        ANSWER_STARTED("part of its answer had arrived already"),
        TRIES_USED_UP("it was tried as often as the rule allows"),
        NOT_IDEMPOTENT("the endpoint may have acted on it, and its method is not idempotent"),
        BODY_GONE("part of its body was sent and is no longer at hand"),
        ANSWERED("the endpoint answered, and the rule does not repeat answers of this status"),
        BUDGET_EMPTY("the retry budget of its frontend is used up");

        private final String reason;

        Verdict(String reason) {
            this.reason = reason;
        }

        /** One clause, for {@code weft why}. */
        public String reason() {
            return reason;
        }
    }

    /** The budget is asked after this, and only if this says yes. */
    public Verdict verdict(RetryPolicy policy) {
        if (answerStarted) {
            return Verdict.ANSWER_STARTED;
        }
        if (status != 0 && !(policy.onGatewayError() && gatewayError())) {
            return Verdict.ANSWERED;
        }
        if (triesMade >= policy.attemptsMax()) {
            return Verdict.TRIES_USED_UP;
        }
        if (!bytesSent) {
            return Verdict.REPEAT;
        }
        if (!idempotent()) {
            return Verdict.NOT_IDEMPOTENT;
        }
        return bodyKept ? Verdict.REPEAT : Verdict.BODY_GONE;
    }

    private boolean gatewayError() {
        return status >= 502 && status <= 504;
    }

    /** RFC 9110 §9.2.2. */
    private boolean idempotent() {
        return switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }
}
