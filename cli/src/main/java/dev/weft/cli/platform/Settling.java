package dev.weft.cli.platform;

import dev.weft.resources.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides when the state of a workload is worth a line: a failure after it has lasted a moment, an end of it after a
 * calm that doubles with each relapse, and neither twice. So a program that crashes again and again is told of once, or
 * ever more rarely. Times are {@link System#nanoTime()}'s. Belongs to one thread.
 */
final class Settling {

    /** What is to be said of a workload now; empty: it works again. */
    record News(Key about, Optional<WorkloadFailure> failure) {}

    /** Files are applied one after the other: what one of them lacks, the next may bring. */
    private static final Duration FAILURE_LASTS = Duration.ofMillis(700);

    private static final Duration CALM = Duration.ofSeconds(2);
    private static final Duration CALM_MAX = Duration.ofMinutes(10);

    private static final class State {
        Optional<WorkloadFailure> seen = Optional.empty();
        Optional<WorkloadFailure> said = Optional.empty();
        long sinceNanos;
        Duration calm = CALM;

        boolean settled() {
            return seen.isPresent() ? said.filter(seen.get()::same).isPresent() : said.isEmpty();
        }

        long dueNanos() {
            return sinceNanos + (seen.isPresent() ? FAILURE_LASTS : calm).toNanos();
        }
    }

    private final Map<Key, State> states = new HashMap<>();

    void observe(Key about, Optional<WorkloadFailure> failure, long nowNanos) {
        State state = states.get(about);
        if (state == null) {
            if (failure.isEmpty()) {
                return;
            }
            state = new State();
            states.put(about, state);
            state.sinceNanos = nowNanos;
        } else if (state.seen.isPresent() != failure.isPresent()) {
            state.sinceNanos = nowNanos;
        }
        state.seen = failure;
    }

    void forget(Key about) {
        states.remove(about);
    }

    /** What has settled by now. */
    List<News> due(long nowNanos) {
        List<News> news = new ArrayList<>();
        states.forEach((about, state) -> {
            if (!state.settled() && nowNanos - state.dueNanos() >= 0) {
                boolean relapse = state.said.isEmpty() && state.seen.isPresent();
                if (relapse) {
                    state.calm = min(state.calm.multipliedBy(2), CALM_MAX);
                }
                state.said = state.seen;
                news.add(new News(about, state.seen));
            }
        });
        return news;
    }

    /** How long until something may settle; empty when nothing is under way. */
    Optional<Duration> untilDue(long nowNanos) {
        return states.values().stream()
                .filter(state -> !state.settled())
                .map(state -> Duration.ofNanos(Math.max(0, state.dueNanos() - nowNanos)))
                .min(Duration::compareTo);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
