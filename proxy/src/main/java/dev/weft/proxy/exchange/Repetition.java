package dev.weft.proxy.exchange;

import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.proxy.retry.BackOff;
import dev.weft.proxy.retry.FailedTry;
import dev.weft.proxy.retry.FailedTry.Verdict;
import dev.weft.proxy.retry.Failure;
import dev.weft.proxy.retry.RetryBudget;
import dev.weft.proxy.route.Route;
import java.util.List;
import java.util.Set;

/** Whether and when one request is tried again: its rule, the budget of its frontend, its limits. Part of one {@link Exchange}. */
final class Repetition {

    private final Exchange exchange;
    private long pauseNanos;

    Repetition(Exchange exchange) {
        this.exchange = exchange;
    }

    void begin() {
        pauseNanos = 0;
    }

    /** How long to wait before the next try, 0 for not at all. */
    long pauseNanos() {
        return pauseNanos;
    }

    /** Whether answers can be a reason to try again. */
    boolean looksAtAnswers() {
        return !exchange.sending().isInbound()
                && exchange.sending().forward().retry().looksAtAnswers();
    }

    /** Whether a call's status can be one. */
    boolean looksAtCalls() {
        return !exchange.sending().forward().retry().grpcCodes().isEmpty();
    }

    /** Whether the rule takes this answer for a failure. */
    boolean asksFor(Failure answer) {
        RetryPolicy rule = exchange.sending().forward().retry();
        return switch (answer) {
            case Failure.Answered(int status) -> rule.statuses().contains(status);
            case Failure.AnsweredGrpc(int code) -> rule.grpcCodes().contains(code);
            case Failure.Unanswered _ -> false;
        };
    }

    /** Decides, takes what a retry costs, and notes why. */
    Verdict decide(Try failed, int triesMade, Failure failure) {
        FailedTry known = new FailedTry(
                exchange.head().method(), triesMade, exchange.body().isKept(), failure);
        Verdict verdict = known.verdict(policy(failed, triesMade));
        if (verdict == Verdict.REPEAT && !exchange.sending().admission().mayRetry()) {
            verdict = Verdict.LIMIT_REACHED;
        }
        boolean costs = verdict == Verdict.REPEAT && !exchange.sending().isInbound();
        if (costs && !budget(exchange).withdraw(System.nanoTime())) {
            verdict = Verdict.BUDGET_EMPTY;
        }
        if (verdict == Verdict.REPEAT) {
            pauseNanos = BackOff.nanos(triesMade, failure, exchange.worker().random());
        }
        exchange.record().retryDecided(verdict.reason());
        if (!exchange.sending().isInbound()) {
            tell(verdict);
        }
        return verdict;
    }

    private void tell(Verdict verdict) {
        switch (verdict) {
            case TRIES_USED_UP -> tell(RetryRefusal.TRIES_USED_UP);
            case BUDGET_EMPTY -> tell(RetryRefusal.BUDGET_EMPTY);
            case LIMIT_REACHED -> tell(RetryRefusal.LIMIT_REACHED);
            case REPEAT, ANSWER_STARTED, NOT_ASKED_FOR, NOT_IDEMPOTENT, BODY_GONE, ANSWERED -> {}
        }
    }

    private void tell(RetryRefusal why) {
        Route route = exchange.sending().forward().route();
        exchange.worker()
                .outcomes()
                .retryRefused(
                        exchange.entrance().reporter(),
                        route.frontend().name(),
                        route.rule().name(),
                        why);
    }

    /** Inbound there is one endpoint: only a connection that the program had closed meanwhile is worth another try. */
    private RetryPolicy policy(Try failed, int triesMade) {
        if (!exchange.sending().isInbound()) {
            return exchange.sending().forward().retry();
        }
        return failed.reused()
                ? new RetryPolicy(triesMade + 1, RetryPolicy.SAFE, Set.of(), Set.of(), Budget.DEFAULT)
                : RetryPolicy.NONE;
    }

    /** The budget of the request's frontend, on the terms of its rule. */
    static RetryBudget budget(Exchange exchange) {
        Route route = exchange.sending().forward().route();
        Budget terms = route.rule().retry().budget();
        List<RetryBudget> budgets =
                exchange.snapshot().budgets().getOrDefault(route.frontend().name(), List.of());
        for (int i = 0; i < budgets.size(); i++) {
            if (budgets.get(i).terms().equals(terms)) {
                return budgets.get(i);
            }
        }
        throw new IllegalStateException(
                "no retry budget for frontend " + route.frontend().name());
    }
}
