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
        after(99, 1);
        assertThat(asked).hasValue(1);
        assertThat(after(10, 2)).contains(Pressure.NONE);
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        after(10, 2);
        assertThat(asked).hasValue(1);
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
