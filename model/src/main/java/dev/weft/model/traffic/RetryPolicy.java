package dev.weft.model.traffic;

/**
 * When a request is tried again. Two things always hold: nothing of the answer has arrived, and the method is
 * idempotent or no byte of the request was sent; and the frontend's retry budget allows it.
 *
 * @param attemptsMax tries in all, 1 for no retry
 * @param onGatewayError also after an answer of 502, 503 or 504
 */
public record RetryPolicy(int attemptsMax, boolean onGatewayError) {

    public static final RetryPolicy DEFAULT = new RetryPolicy(3, false);
    public static final RetryPolicy NONE = new RetryPolicy(1, false);
}
