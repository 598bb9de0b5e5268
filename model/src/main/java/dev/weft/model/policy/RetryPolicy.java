package dev.weft.model.policy;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * When a request is tried again. Whatever is said here, two things always hold: nothing of an answer has gone to the
 * client, and the frontend's budget allows it. A try of which no byte was sent may be repeated for every method; after that
 * only for idempotent methods (RFC 9110 §9.2.2), and for gRPC calls whose status is named in {@code grpcCodes}.
 *
 * @param attemptsMax tries in all, 1 for no retry
 * @param conditions what counts as a failed try, beside answers
 * @param statuses answers of these statuses are failures, 100 to 599
 * @param grpcCodes answers with these gRPC statuses are failures, 1 to 16
 * @param budget what all requests of a frontend may spend on retries together
 */
public record RetryPolicy(
        int attemptsMax, Set<Condition> conditions, Set<Integer> statuses, Set<Integer> grpcCodes, Budget budget) {

    /** How a try may fail without an answer. */
    public enum Condition {
        /** No connection, or none in time, or no proof of identity: no byte was sent. */
        CONNECT_FAILURE,
        /** The endpoint said that it did not begin with it: an HTTP/2 stream refused or beyond a GOAWAY. */
        REFUSED_STREAM,
        /** The connection ended before anything of an answer arrived. */
        CLOSED,
        /** The try's own timeout, or that of the answer's head, ran out. */
        TIMEOUT
    }

    /**
     * Keeps retries from multiplying a failure; always on.
     *
     * @param percent of the requests of the last ten seconds that may be retries, 0 to 1000
     * @param perSecond retries that are allowed besides in each second
     */
    public record Budget(int percent, int perSecond) {

        /** As Linkerd's ServiceProfile and Finagle's: a fifth, and ten a second. */
        public static final Budget DEFAULT = new Budget(20, 10);

        public Budget {
            if (percent < 0 || percent > 1000 || perSecond < 0) {
                throw new IllegalArgumentException("retry budget: " + percent + " % and " + perSecond
                        + " a second (expected: 0 to 1000 %, 0 or more a second)");
            }
        }
    }

    /** What never harms: the endpoint did not begin with the request, or left before any answer to an idempotent one. */
    public static final Set<Condition> SAFE =
            Set.of(Condition.CONNECT_FAILURE, Condition.REFUSED_STREAM, Condition.CLOSED);

    public static final RetryPolicy DEFAULT = new RetryPolicy(3, SAFE, Set.of(), Set.of(), Budget.DEFAULT);
    public static final RetryPolicy NONE = new RetryPolicy(1, Set.of(), Set.of(), Set.of(), Budget.DEFAULT);

    public RetryPolicy {
        conditions = Set.copyOf(conditions);
        statuses = Set.copyOf(statuses);
        grpcCodes = Set.copyOf(grpcCodes);
    }

    /** The same, and answers of these statuses, both included. */
    public RetryPolicy onStatuses(int from, int to) {
        Set<Integer> more = IntStream.concat(
                        statuses.stream().mapToInt(status -> status), IntStream.rangeClosed(from, to))
                .boxed()
                .collect(Collectors.toSet());
        return new RetryPolicy(attemptsMax, conditions, more, grpcCodes, budget);
    }

    /** Whether answers alone can cause a retry. */
    public boolean looksAtAnswers() {
        return !statuses.isEmpty() || !grpcCodes.isEmpty();
    }
}
