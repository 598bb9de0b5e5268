package dev.weft.apiserver.cel;

import java.time.Duration;
import java.util.Collection;

/**
 * What all expressions of one request may still cost together, and what one of them may. A step of an evaluation costs one,
 * and more where it makes a long text or list. Kubernetes' numbers, though its estimates differ. Used by one thread.
 */
public final class Budget {

    private static final long REQUEST_MAX = 10_000_000;
    private static final long EXPRESSION_MAX = 1_000_000;
    private static final int TEXT_MAX = 1 << 20;

    /** Making ten characters or ten items costs as much as one step. */
    private static final int MADE_FOR_ONE = 10;

    private static final Duration EXPRESSION_LONGEST = Duration.ofSeconds(3);
    private static final Duration REQUEST_LONGEST = Duration.ofSeconds(10);
    private static final String SPENT =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    private long left = REQUEST_MAX;
    private long nanosLeft = REQUEST_LONGEST.toNanos();

    /** What one expression spends. */
    final class Meter {
        private final long start = System.nanoTime();
        private long spent;

        private Meter() {}

        /** After each step: so what costs too much ends between two of them. */
        void spend(boolean call, Object result) {
            long cost = 1;
            if (call && result instanceof String text) {
                if (text.length() > TEXT_MAX) {
                    throw new CostException("a text is longer than " + TEXT_MAX + " characters");
                }
                cost += text.length() / MADE_FOR_ONE;
            } else if (call && result instanceof Collection<?> list) {
                cost += list.size() / MADE_FOR_ONE;
            }
            spent += cost;
            left -= cost;
            if (spent > EXPRESSION_MAX) {
                throw new CostException("actual cost limit exceeded: the budget of an expression is " + EXPRESSION_MAX);
            }
            if (left < 0) {
                throw new CostException(SPENT);
            }
            if (System.nanoTime() - start > EXPRESSION_LONGEST.toNanos()) {
                throw new CostException("took longer than " + EXPRESSION_LONGEST.toSeconds() + " s");
            }
        }

        void end() {
            nanosLeft -= System.nanoTime() - start;
        }
    }

    /** Whether nothing is left for anybody: then what a request is can no longer be judged. */
    public boolean isSpent() {
        return left < 0 || nanosLeft < 0;
    }

    /** @throws ExpressionException when nothing is left */
    Meter begin() throws ExpressionException {
        if (isSpent()) {
            throw new ExpressionException(SPENT);
        }
        return new Meter();
    }

    /** An expression is too dear. */
    static final class CostException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private CostException(String message) {
            super(message, null, false, false);
        }
    }
}
