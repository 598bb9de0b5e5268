package dev.weft.proxy.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RateLimit;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private static final ResourceReference SOURCE = new ResourceReference("test", "Test", "default", "limit");
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final WorkloadIdentity HELLO = identity("hello");
    private static final WorkloadIdentity BATCH = identity("batch");

    private static WorkloadIdentity identity(String name) {
        return new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", name);
    }

    private static RateLimiter total(int rate) {
        return new RateLimiter(new RateLimit(SOURCE, rate, 0, List.of(), Optional.empty()), 0);
    }

    private static RateLimiter.Decision decide(RateLimiter limiter, WorkloadIdentity caller, long now) {
        return limiter.decide(Optional.of(caller), "", _ -> Optional.empty(), now);
    }

    /** How many of the requests that come every millisecond pass. */
    private static int passing(RateLimiter limiter, WorkloadIdentity caller, long fromMillis, long toMillis) {
        int passed = 0;
        for (long millis = fromMillis; millis < toMillis; millis++) {
            passed += decide(limiter, caller, millis * MILLI).passes() ? 1 : 0;
        }
        return passed;
    }

    @Test
    void letsTheRatePassWithinFivePercentOverTenSeconds() {
        RateLimiter limiter = total(100);
        assertThat(passing(limiter, HELLO, 0, 10_000)).isBetween(950, 1050);
        assertThat(passing(limiter, HELLO, 10_000, 20_000)).isBetween(999, 1001);
    }

    @Test
    void letsASecondsWorthOfASmallRatePassAtOnceAndThenOneAtATime() {
        RateLimiter limiter = total(4);
        assertThat(passing(limiter, HELLO, 1_000, 1_001)).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(decide(limiter, HELLO, 1_001 * MILLI).passes()).isTrue();
        }
        RateLimiter.Decision refused = decide(limiter, HELLO, 1_001 * MILLI);
        assertThat(refused.waitNanos()).isEqualTo(249 * MILLI);
        assertThat(refused.retryAfterSeconds()).isEqualTo(1);
        assertThat(decide(limiter, HELLO, 1_249 * MILLI).passes()).isFalse();
        assertThat(decide(limiter, HELLO, 1_250 * MILLI).passes()).isTrue();
    }

    @Test
    void takesNothingFromTheTotalForACallerThatIsRefused() {
        RateLimiter limiter = new RateLimiter(new RateLimit(SOURCE, 100, 10, List.of(), Optional.empty()), 0);
        int greedy = 0;
        int modest = 0;
        for (long millis = 0; millis < 10_000; millis++) {
            greedy += decide(limiter, BATCH, millis * MILLI).passes() ? 1 : 0;
            if (millis % 200 == 0) {
                modest += decide(limiter, HELLO, millis * MILLI).passes() ? 1 : 0;
            }
        }
        assertThat(greedy).isBetween(100, 110);
        assertThat(modest).isEqualTo(50);
    }

    @Test
    void givesTheCallersShareBackWhenTheTotalRefuses() {
        RateLimiter limiter = new RateLimiter(new RateLimit(SOURCE, 2, 2, List.of(), Optional.empty()), 0);
        assertThat(decide(limiter, HELLO, 0).passes()).isTrue();
        assertThat(decide(limiter, HELLO, 0).passes()).isTrue();
        assertThat(decide(limiter, BATCH, 0).rate()).isEqualTo("the total rate");
        assertThat(decide(limiter, BATCH, 0).rate()).isEqualTo("the total rate");
        assertThat(decide(limiter, BATCH, 500 * MILLI).passes()).isTrue();
        assertThat(decide(limiter, BATCH, 1_000 * MILLI).passes()).isTrue();
    }

    @Test
    void letsAnOverrideReplaceTheCallersRateAndItsCallersShareIt() {
        RateLimit limit = new RateLimit(
                SOURCE, 0, 1, List.of(new RateLimit.CallerRate(Set.of(HELLO, BATCH), 20)), Optional.empty());
        RateLimiter limiter = new RateLimiter(limit, 0);
        int passed = passing(limiter, HELLO, 0, 1_000) + passing(limiter, BATCH, 1_000, 2_000);
        assertThat(passed).isBetween(40, 50);
        assertThat(passing(limiter, identity("other"), 2_000, 4_000)).isEqualTo(2);
    }

    @Test
    void limitsEachValueOfAHeaderAndNotRequestsWithoutIt() {
        RateLimit limit = new RateLimit(
                SOURCE,
                0,
                0,
                List.of(),
                Optional.of(new RateLimit.PerHeader("x-key", 1, Map.of("gold", 5, "free", 0))));
        RateLimiter limiter = new RateLimiter(limit, 0);
        assertThat(passingWith(limiter, "a")).isEqualTo(1);
        assertThat(passingWith(limiter, "b")).isEqualTo(1);
        assertThat(passingWith(limiter, "gold")).isEqualTo(5);
        assertThat(passingWith(limiter, "free")).isEqualTo(100);
        assertThat(passing(limiter, HELLO, 0, 100)).isEqualTo(100);
    }

    private static int passingWith(RateLimiter limiter, String key) {
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += limiter.decide(Optional.empty(), "127.0.0.1", _ -> Optional.of(key), 0)
                            .passes()
                    ? 1
                    : 0;
        }
        return passed;
    }

    @Test
    void letsNeverMorePassThanAllowedHoweverManyThreadsAsk() throws Exception {
        for (int round = 0; round < 20; round++) {
            RateLimiter limiter = new RateLimiter(new RateLimit(SOURCE, 1_000, 400, List.of(), Optional.empty()), 0);
            AtomicLong clock = new AtomicLong();
            AtomicInteger passed = new AtomicInteger();
            int[] perCaller = new int[4];
            CyclicBarrier start = new CyclicBarrier(4);
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int number = t;
                threads.add(Thread.ofPlatform().start(() -> {
                    await(start);
                    for (int i = 0; i < 20_000; i++) {
                        long now = clock.addAndGet(10_000); // 80,000 requests in 0.8 s
                        if (decide(limiter, identity("caller-" + number), now).passes()) {
                            passed.incrementAndGet();
                            perCaller[number]++;
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(passed.get()).isLessThanOrEqualTo(800 + 250 + 1);
            assertThat(passed.get())
                    .isGreaterThan(400); // a thread that was held up asks with an old time, and gets less
            for (int own : perCaller) {
                assertThat(own).isLessThanOrEqualTo(320 + 100 + 1);
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsABoundedNumberOfBucketsAndLetsTheRestShareOne() {
        Buckets buckets = new Buckets(Rate.perSecond(1));
        for (int i = 0; i < Buckets.MAX; i++) {
            assertThat(buckets.of("key-" + i, 0).take(0)).isEqualTo(Bucket.TAKEN);
        }
        Bucket shared = buckets.of("late-1", 0);
        assertThat(buckets.of("late-2", 0)).isSameAs(shared);
        assertThat(shared.take(0)).isEqualTo(Bucket.TAKEN);
        assertThat(buckets.of("late-3", 0).take(0)).isPositive();
        long later = TimeUnit.SECONDS.toNanos(2);
        Bucket forgotten = buckets.of("key-1", later);
        assertThat(buckets.of("late-4", later)).isSameAs(shared); // makes room for the next
        assertThat(buckets.count()).isZero();
        assertThat(buckets.of("late-5", later)).isNotSameAs(shared);
        assertThat(forgotten.take(later)).isEqualTo(Bucket.FORGOTTEN);
    }

    @Test
    void givesNobodyMoreWhileBucketsAreForgottenUnderManyThreads() throws Exception {
        Buckets buckets = new Buckets(Rate.perSecond(1));
        AtomicInteger passed = new AtomicInteger();
        AtomicLong clock = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            SplittableRandom random = new SplittableRandom(t);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 100_000; i++) {
                    long now = clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(100)); // 40 s in all
                    String key = random.nextInt(10) == 0 ? "watched" : "k" + random.nextInt(1_000_000);
                    long wait = buckets.of(key, now).take(now);
                    while (wait == Bucket.FORGOTTEN) {
                        wait = buckets.of(key, now).take(now);
                    }
                    if (wait == Bucket.TAKEN && key.equals("watched")) {
                        passed.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(passed.get()).isBetween(1, 42);
        assertThat(buckets.count()).isLessThanOrEqualTo(Buckets.MAX);
    }
}
