package dev.weft.proxy.retry;

import dev.weft.model.policy.RetryPolicy;
import java.util.Optional;

/**
 * What is known of a try that failed.
 *
 * @param method of the request
 * @param triesMade this one included, 1 or more
 * @param bodyKept whether all of the request's body that was sent is still at hand; true for a request without a body
 */
public record FailedTry(String method, int triesMade, boolean bodyKept, Failure failure) {

    /** Repeated, it would go round as often again, at each of its passes. */
    private static final int LOOP_DETECTED = 508;

    /** Whether the request may be tried once more. */
    public enum Verdict {
        REPEAT("it may be tried again"),
        ANSWER_STARTED("part of its answer had arrived already"),
        TRIES_USED_UP("it was tried as often as the rule allows"),
        NOT_ASKED_FOR("the rule does not repeat tries that fail like this"),
        NOT_IDEMPOTENT("the endpoint may have acted on it, and its method is not idempotent"),
        BODY_GONE("part of its body was sent and is no longer at hand"),
        ANSWERED("the endpoint answered, and the rule does not repeat answers of this status"),
        LIMIT_REACHED("as many requests are being tried again as the limits allow"),
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
        return refusal(policy).orElse(Verdict.REPEAT);
    }

    private Optional<Verdict> refusal(RetryPolicy policy) {
        boolean usedUp = triesMade >= policy.attemptsMax();
        return switch (failure) {
            case Failure.Unanswered unanswered -> {
                if (unanswered.heard()) {
                    yield Optional.of(Verdict.ANSWER_STARTED);
                }
                if (usedUp) {
                    yield Optional.of(Verdict.TRIES_USED_UP);
                }
                if (unanswered.condition().filter(policy.conditions()::contains).isEmpty()) {
                    yield Optional.of(Verdict.NOT_ASKED_FOR);
                }
                yield unanswered.sent() ? afterSending(idempotent()) : Optional.empty();
            }
            case Failure.Answered(int status) -> {
                if (status == LOOP_DETECTED || !policy.statuses().contains(status)) {
                    yield Optional.of(Verdict.ANSWERED);
                }
                yield usedUp ? Optional.of(Verdict.TRIES_USED_UP) : afterSending(idempotent());
            }
            case Failure.AnsweredGrpc(int code) -> {
                if (!policy.grpcCodes().contains(code)) {
                    yield Optional.of(Verdict.ANSWERED);
                }
                // every gRPC call is a POST: whoever names its statuses says that repeating is safe
                yield usedUp ? Optional.of(Verdict.TRIES_USED_UP) : afterSending(true);
            }
        };
    }

    private Optional<Verdict> afterSending(boolean harmless) {
        if (!harmless) {
            return Optional.of(Verdict.NOT_IDEMPOTENT);
        }
        return bodyKept ? Optional.empty() : Optional.of(Verdict.BODY_GONE);
    }

    /** RFC 9110 §9.2.2. */
    private boolean idempotent() {
        return switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }
}
