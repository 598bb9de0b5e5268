package dev.weft.proxy;

import dev.weft.model.policy.ClientLimits;
import dev.weft.proxy.limit.Pressure;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How much of the heap's old generation is in use for good: what the last collection of it left, as everything else may be
 * garbage. When that fills up the collections come ever closer, so the number is new whenever it matters; while requests are
 * refused, nothing may be allocated that would bring one about, so one is asked for. Owner: the proxy's control thread, which looks
 * once a second; no request pays for it.
 */
final class HeapWatch {

    private static final long COLLECT_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long COLLECT_AGAIN_MAX_NANOS = Duration.ofSeconds(60).toNanos();

    /** Of the whole heap, garbage included; below, nobody asks the JVM for more. */
    private static final int WORTH_A_LOOK_PERCENT = 50;

    /**
     * What a look shows.
     *
     * @param usedBytes after the last collection
     * @param maxBytes 0 where it is not known
     * @param collections so far
     */
    record Reading(long usedBytes, long maxBytes, long collections) {

        int percent() {
            return maxBytes <= 0 ? 0 : (int) (usedBytes * 100 / maxBytes);
        }
    }

    private final Supplier<Optional<Reading>> readings;
    private final Runnable collect;
    private final LongSupplier clock;
    private Pressure pressure = Pressure.NONE;
    private long collections = -1;
    private long since;
    private long againNanos = COLLECT_AGAIN_NANOS;
    private boolean asked;

    HeapWatch(Supplier<Optional<Reading>> readings, Runnable collect, LongSupplier clock) {
        this.readings = readings;
        this.collect = collect;
        this.clock = clock;
    }

    /** Of this process. */
    static HeapWatch ofJvm() {
        return new HeapWatch(HeapWatch::read, System::gc, System::nanoTime);
    }

    /** What there is to do, where something has changed, or a collection has shown that it has not. */
    Optional<Pressure> look(ClientLimits.Heap limits) {
        Optional<Reading> reading = readings.get();
        if (reading.isEmpty() && pressure == Pressure.NONE) {
            return Optional.empty();
        }
        boolean fresh =
                reading.filter(each -> each.collections() != collections).isPresent();
        if (fresh) {
            collections = reading.orElseThrow().collections();
            since = clock.getAsLong();
            asked = false;
        }
        Pressure now = asked // and none came, as the JVM was told not to: the number says nothing any more
                ? Pressure.NONE
                : reading.map(each -> of(each.percent(), limits)).orElse(Pressure.NONE);
        if (now == Pressure.REQUESTS) {
            ask();
        } else {
            againNanos = COLLECT_AGAIN_NANOS;
        }
        boolean news = now != pressure || (fresh && now != Pressure.NONE);
        pressure = now;
        return news ? Optional.of(now) : Optional.empty();
    }

    /** Each time twice as late, as a collection of a heap that is full for good stops everything for nothing. */
    private void ask() {
        if (clock.getAsLong() - since >= againNanos) {
            againNanos = Math.min(2 * againNanos, COLLECT_AGAIN_MAX_NANOS);
            asked = true;
            collect.run();
        }
    }

    private static Pressure of(int percent, ClientLimits.Heap limits) {
        if (reached(percent, limits.requestsPercent())) {
            return Pressure.REQUESTS;
        }
        return reached(percent, limits.cachesPercent()) ? Pressure.CACHES : Pressure.NONE;
    }

    private static boolean reached(int percent, int limit) {
        return limit < 100 && percent >= limit;
    }

    private static Optional<Reading> read() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return used / WORTH_A_LOOK_PERCENT * 100 < runtime.maxMemory() ? Optional.empty() : readOld();
    }

    /** Asks the JVM, whose beans most proxies never need. */
    static Optional<Reading> readOld() {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage left = pool.getCollectionUsage();
            boolean old = pool.getName().contains("Old") || pool.getName().contains("Tenured");
            if (pool.getType() == MemoryType.HEAP && old && left != null) {
                return Optional.of(new Reading(left.getUsed(), left.getMax(), collections(pool.getName())));
            }
        }
        return Optional.empty();
    }

    private static long collections(String pool) {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return collectors.stream()
                .filter(each -> Arrays.asList(each.getMemoryPoolNames()).contains(pool))
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
