package dev.weft.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.ConnectionLimits;
import dev.weft.proxy.limit.RequestLimits.Entry;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server with a fixed number of workers and an endless queue, in virtual time, behind an adaptive limit. */
class AdaptiveLimitTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

    private final SplittableRandom random = new SplittableRandom(1);
    private final RequestLimits limits = new RequestLimits("Service default/quote:80", 1);
    private final PriorityQueue<Running> running = new PriorityQueue<>(Comparator.comparingLong(Running::end));
    private final PriorityQueue<Long> busyUntil = new PriorityQueue<>();
    private double now;
    private int good;
    private int late;
    private int refused;

    private record Running(long start, long end, Permit permit) {}

    @ParameterizedTest
    @CsvSource({"4, 5", "8, 10", "50, 20", "200, 50"})
    void keepsTheGoodputOfAnOverloadedService(int workers, int serviceMillis) {
        limits.update(ConnectionLimits.NONE, true, 0);
        double capacity = workers * 1000.0 / serviceMillis;
        long service = TimeUnit.MILLISECONDS.toNanos(serviceMillis);

        ask(3 * capacity, 5, workers, service); // finds its limit
        ask(3 * capacity, 30, workers, service);

        assertThat(good / (30 * capacity))
                .as(
                        "goodput against capacity (limit now %s, late %d, refused %d)",
                        limits.adaptiveLimit(), late, refused)
                .isGreaterThan(0.8);
        assertThat(late).as("answered after 500 ms").isLessThan(good / 50);
    }

    @Test
    void refusesNothingThatTheServiceCanTake() {
        limits.update(ConnectionLimits.NONE, true, 0);
        ask(400, 30, 8, TimeUnit.MILLISECONDS.toNanos(10)); // half of its capacity

        assertThat(refused).as("refused of 12,000").isLessThan(60);
    }

    @Test
    void followsAServiceThatGrowsByItself() {
        limits.update(ConnectionLimits.NONE, true, 0);
        long service = TimeUnit.MILLISECONDS.toNanos(10);
        ask(2_400, 10, 4, service);
        int before = limits.adaptiveLimit().orElseThrow();
        ask(2_400, 30, 16, service);

        assertThat(limits.adaptiveLimit().orElseThrow())
                .as("limit, before %d", before)
                .isGreaterThan(2 * before);
    }

    private void ask(double perSecond, int seconds, int workers, long serviceNanos) {
        good = 0;
        late = 0;
        refused = 0;
        double end = now + (double) seconds * SECOND;
        while (now < end) {
            now += -Math.log(1 - random.nextDouble()) / perSecond * SECOND;
            long at = (long) now;
            finish(at);
            switch (limits.enter(false, _ -> {})) {
                case Entry.Granted(Permit permit) ->
                    running.add(new Running(at, serve(at, workers, serviceNanos), permit));
                case Entry.Refused _ -> refused++;
                case Entry.Waiting _ -> throw new AssertionError("there is no limit on connections");
            }
        }
    }

    private long serve(long at, int workers, long serviceNanos) {
        while (!busyUntil.isEmpty() && busyUntil.peek() <= at) {
            busyUntil.remove();
        }
        long start = busyUntil.size() < workers ? at : busyUntil.remove();
        long end = start + (long) (serviceNanos * (0.8 + 0.4 * random.nextDouble()));
        busyUntil.add(end);
        return end;
    }

    private void finish(long until) {
        while (!running.isEmpty() && running.peek().end <= until) {
            Running done = running.remove();
            long took = done.end - done.start;
            done.permit.took(0, took, done.end);
            done.permit.release();
            if (took <= PATIENCE) {
                good++;
            } else {
                late++;
            }
        }
    }
}
