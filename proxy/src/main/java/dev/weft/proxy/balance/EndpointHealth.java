package dev.weft.proxy.balance;

import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.traffic.Endpoint;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Whether one endpoint is in or out, as all loops of a proxy see it: one compare-and-set word, and counts that each loop
 * writes in cells of its own. A try counts only when it began after the present state did, so a failure that was on its
 * way before an endpoint went out says nothing about it after.
 */
final class EndpointHealth {

    /** How long the one request that tries an endpoint may take before another one does. */
    private static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Doubling stops here; far above the longest time out. */
    private static final int DOUBLINGS_MAX = 20;

    private sealed interface State {
        record In(long sinceNanos) implements State {}

        /** @param times how often in a row it has been out, 1 or more */
        record Out(long untilNanos, int times, String why) implements State {}

        /** One request tries it. */
        record Trial(long sinceNanos, Out before) implements State {}

        /** No longer an endpoint. */
        record Gone() implements State {}
    }

    /** How a try went. */
    enum Result {
        GOOD,
        /** Refused by a rate limit: bad for the success rate, and no failure in a row. */
        LIMITED,
        FAILED
    }

    private final CircuitBreaker breaker;
    private final Endpoint endpoint;
    private final CircuitBreaking rules;
    private final Optional<SuccessWindow> window;
    private final AtomicInteger inARow = new AtomicInteger();
    private final AtomicReference<State> state;

    EndpointHealth(CircuitBreaker breaker, Endpoint endpoint, CircuitBreaking rules, int loops, long nowNanos) {
        this.breaker = breaker;
        this.endpoint = endpoint;
        this.rules = rules;
        this.window = rules.successRate().map(rate -> new SuccessWindow(rate.window(), loops));
        this.state = new AtomicReference<>(new State.In(nowNanos));
    }

    /** Whether it takes requests as others do. */
    boolean in() {
        return now() instanceof State.In;
    }

    /** Whether a request might try it now. */
    boolean due(long nowNanos) {
        return switch (now()) {
            case State.In _, State.Gone _ -> false;
            case State.Out out -> nowNanos - out.untilNanos() >= 0;
            case State.Trial trial -> nowNanos - trial.sinceNanos() >= TRIAL_NANOS;
        };
    }

    /** Whether this request may be the one that tries it; if so, no other may for a while. */
    boolean tryAgain(long nowNanos) {
        State before = now();
        return switch (before) {
            case State.In _, State.Gone _ -> false;
            case State.Out out ->
                nowNanos - out.untilNanos() >= 0 && state.compareAndSet(out, new State.Trial(nowNanos, out));
            case State.Trial trial ->
                nowNanos - trial.sinceNanos() >= TRIAL_NANOS
                        && state.compareAndSet(trial, new State.Trial(nowNanos, trial.before()));
        };
    }

    /** The request that began then and was to try it is over, and nothing is known by it: the next may try. */
    void notTried(long startNanos) {
        if (now() instanceof State.Trial trial && startNanos - trial.sinceNanos() >= 0) {
            state.compareAndSet(trial, trial.before());
        }
    }

    /**
     * A try is over.
     *
     * @param loop that it was made on
     * @param startNanos when it began
     */
    void ended(Result result, int loop, long startNanos, long nowNanos, RandomGenerator random) {
        switch (now()) {
            case State.In in -> {
                if (startNanos - in.sinceNanos() >= 0) {
                    count(result, in, loop, nowNanos, random);
                }
            }
            case State.Trial trial -> {
                if (startNanos - trial.sinceNanos() >= 0) {
                    decide(result, trial, nowNanos, random);
                }
            }
            case State.Out _, State.Gone _ -> {}
        }
    }

    private void count(Result result, State.In in, int loop, long nowNanos, RandomGenerator random) {
        window.ifPresent(counts -> counts.add(result == Result.GOOD, loop, nowNanos));
        switch (result) {
            case GOOD -> {
                if (inARow.get() != 0) {
                    inARow.set(0);
                }
            }
            case LIMITED -> checkRate(in, nowNanos, random);
            case FAILED -> {
                int failures = inARow.incrementAndGet();
                if (rules.consecutiveFailures() > 0 && failures >= rules.consecutiveFailures()) {
                    takeOut(in, failures + " failures in a row", nowNanos, random);
                } else {
                    checkRate(in, nowNanos, random);
                }
            }
        }
    }

    private void checkRate(State.In in, long nowNanos, RandomGenerator random) {
        if (window.isEmpty() || rules.successRate().isEmpty()) {
            return;
        }
        CircuitBreaking.SuccessRate rate = rules.successRate().get();
        SuccessWindow.Counts counts = window.get().counts(in.sinceNanos(), nowNanos);
        if (counts.all() >= rate.requestsMin() && counts.good() < rate.least() * counts.all()) {
            takeOut(in, counts.good() + " of " + counts.all() + " requests succeeded lately", nowNanos, random);
        }
    }

    private void takeOut(State.In in, String why, long nowNanos, RandomGenerator random) {
        if (!breaker.reserve()) {
            return; // as many as may be are out; the next failure asks again
        }
        if (state.compareAndSet(in, new State.Out(nowNanos + time(1, random), 1, why))) {
            inARow.set(0);
            breaker.changed();
        } else {
            breaker.release();
        }
    }

    private void decide(Result result, State.Trial trial, long nowNanos, RandomGenerator random) {
        if (result == Result.GOOD) {
            inARow.set(0);
            if (state.compareAndSet(trial, new State.In(nowNanos))) {
                breaker.release();
                breaker.changed();
            }
            return;
        }
        int times = trial.before().times() + 1;
        String why = "the request that tried it again failed too";
        state.compareAndSet(trial, new State.Out(nowNanos + time(times, random), times, why));
    }

    private long time(int times, RandomGenerator random) {
        long doubled = rules.ejectionMin().toNanos() << Math.min(times - 1, DOUBLINGS_MAX);
        long most = rules.ejectionMax().toNanos();
        long time = doubled <= 0 || doubled > most ? most : doubled;
        return time + (long) (time * rules.jitter() * random.nextDouble());
    }

    /** It is no endpoint any more. */
    void leave() {
        switch (Objects.requireNonNull(state.getAndSet(new State.Gone()))) {
            case State.Out _, State.Trial _ -> breaker.release();
            case State.In _, State.Gone _ -> {}
        }
    }

    /** Empty when it is in. */
    String describe(long nowNanos) {
        return switch (now()) {
            case State.In _, State.Gone _ -> "";
            case State.Out out -> {
                long left = TimeUnit.NANOSECONDS.toMillis(Math.max(0, out.untilNanos() - nowNanos));
                yield endpoint + " is out for " + left + " ms more: " + out.why();
            }
            case State.Trial trial ->
                endpoint + " is out, and one request tries it: "
                        + trial.before().why();
        };
    }

    private State now() {
        return Objects.requireNonNull(state.get());
    }
}
