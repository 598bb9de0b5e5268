package dev.weft.proxy.retry;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.RetryPolicy.Condition;
import java.util.Optional;

/** How a try failed. */
public sealed interface Failure {

    /**
     * No whole head of an answer arrived.
     *
     * @param condition empty for what no rule can ask to be repeated
     * @param sent whether the endpoint may have begun with the request
     * @param heard whether a part of an answer arrived
     */
    record Unanswered(Optional<Condition> condition, boolean sent, boolean heard) implements Failure {}

    /** The endpoint answered with this status. */
    record Answered(int status) implements Failure {}

    /** The endpoint answered with this gRPC status. */
    record AnsweredGrpc(int code) implements Failure {}

    /** A try that ended in this error. */
    static Failure of(ErrorCode error, boolean sent, boolean heard) {
        return new Unanswered(condition(error), sent, heard);
    }

    /**
     * Whether a try that ended so is held against its endpoint: a call that streams may well go on until its deadline.
     *
     * @param answering whether it had begun to answer
     */
    static boolean blames(ErrorCode error, boolean answering) {
        return switch (error) {
            case CLIENT_CLOSED, BAD_REQUEST, BODY_TOO_LARGE, REQUEST_TIMEOUT, IDENTITY_UNMET, TRUST_ENDED -> false;
            case DEADLINE_EXCEEDED, IDLE_TIMEOUT -> !answering;
            default -> true; // of the many
        };
    }

    private static Optional<Condition> condition(ErrorCode error) {
        return switch (error) {
            case CONNECT_FAILED, CONNECT_TIMEOUT, TLS_FAILED -> Optional.of(Condition.CONNECT_FAILURE);
            case REFUSED_STREAM -> Optional.of(Condition.REFUSED_STREAM);
            case UPSTREAM_CLOSED -> Optional.of(Condition.CLOSED);
            case TRY_TIMEOUT, HEADER_TIMEOUT -> Optional.of(Condition.TIMEOUT);
            default -> Optional.empty(); // the many that are no failure of a try
        };
    }
}
