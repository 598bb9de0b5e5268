package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.ClientLimits;
import dev.weft.proxy.HeapWatch.Reading;
import dev.weft.proxy.limit.Pressure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When memory is short, by what collections leave. */
class HeapWatchTest {

    private static final ClientLimits.Heap LIMITS = ClientLimits.Heap.DEFAULT;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private Optional<Reading> reading = Optional.empty();
    private final HeapWatch watch = new HeapWatch(() -> reading, asked::incrementAndGet, nanos::get);

    private Optional<Pressure> after(int percent, long collections) {
        reading = Optional.of(new Reading(percent * 1_000L, 100_000, collections));
        return watch.look(LIMITS);
    }

    @Test
    void saysWhatChanges() {
        assertThat(watch.look(LIMITS)).isEmpty();
        assertThat(after(94, 1)).isEmpty();
        assertThat(after(95, 2)).contains(Pressure.CACHES);
        assertThat(after(95, 2)).isEmpty();
        assertThat(after(98, 3)).contains(Pressure.REQUESTS);
        assertThat(after(96, 4)).contains(Pressure.CACHES);
        assertThat(after(40, 5)).contains(Pressure.NONE);
    }

    @Test
    void saysAgainWhatACollectionConfirms() {
        assertThat(after(95, 1)).contains(Pressure.CACHES);
        assertThat(after(97, 2)).contains(Pressure.CACHES);
    }

    @Test
    void asksForACollectionWhereNoneComesByItself() {
        after(99, 1);
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        after(99, 1);
        assertThat(asked).hasValue(0);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        after(99, 1);
        assertThat(asked).hasValue(1);
        assertThat(after(10, 2)).contains(Pressure.NONE);
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        after(10, 2);
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksLessAndLessOften() {
        long collections = 1;
        after(99, collections);
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
            int before = asked.get();
            nanos.addAndGet(Duration.ofSeconds(seconds - 1).toNanos());
            after(99, collections);
            assertThat(asked).hasValue(before);
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            after(99, collections);
            assertThat(asked).hasValue(before + 1);
            assertThat(after(99, ++collections)).contains(Pressure.REQUESTS);
        }
    }

    @Test
    void asksForNoneToKeepCachesEmpty() {
        after(96, 1);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        after(96, 1);
        assertThat(asked).hasValue(0);
    }

    @Test
    void isOverWhenACollectionThatWasAskedForDoesNotCome() {
        after(99, 1);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        after(99, 1);
        assertThat(asked).hasValue(1);
        assertThat(after(99, 1)).contains(Pressure.NONE);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(after(99, 1)).isEmpty();
        assertThat(asked).hasValue(1);
        assertThat(after(99, 2)).contains(Pressure.REQUESTS);
    }

    @Test
    void isOverWhenTheHeapIsHalfEmpty() {
        after(99, 1);
        reading = Optional.empty();
        assertThat(watch.look(LIMITS)).contains(Pressure.NONE);
    }

    @Test
    void canBeSwitchedOff() {
        reading = Optional.of(new Reading(100, 100, 1));
        assertThat(watch.look(new ClientLimits.Heap(100, 100))).isEmpty();
    }

    @Test
    void knowsThisProcess() {
        System.gc();
        assertThat(HeapWatch.readOld()).hasValueSatisfying(found -> {
            assertThat(found.maxBytes()).isPositive();
            assertThat(found.percent()).isBetween(0, 90);
            assertThat(found.collections()).isPositive();
        });
    }
}
