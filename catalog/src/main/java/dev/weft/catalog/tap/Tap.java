package dev.weft.catalog.tap;

import dev.weft.model.outcome.Ended;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One open tap: a bounded queue that event loops add to without waiting, and one reader takes from. What comes while the
 * queue is full is dropped and counted.
 */
public final class Tap implements AutoCloseable {

    private static final int WAITING_MAX = 4_096;

    private final Taps taps;
    private final TapFilter filter;
    private final Queue<Ended> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private volatile @Nullable Thread reader;

    Tap(Taps taps, TapFilter filter) {
        this.taps = taps;
        this.filter = filter;
    }

    void offer(Ended ended) {
        if (!filter.passes(ended)) {
            return;
        }
        if (size.getAndIncrement() >= WAITING_MAX) {
            size.getAndDecrement();
            dropped.getAndIncrement();
            return;
        }
        waiting.add(ended);
        LockSupport.unpark(reader);
    }

    /** What ends next, as soon as it does; empty when none did within {@code patience}. For one thread only. */
    public Optional<Ended> next(Duration patience) {
        reader = Thread.currentThread();
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Ended next = waiting.poll();
            if (next != null) {
                size.getAndDecrement();
                return Optional.of(next);
            }
            long left = end - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return Optional.empty();
            }
            LockSupport.parkNanos(this, left);
        }
    }

    /** How many requests were left out because the reader was slower than they came. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void close() {
        taps.remove(this);
    }
}
