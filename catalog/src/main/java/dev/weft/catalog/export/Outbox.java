package dev.weft.catalog.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands things from event loops to one thread that may wait. What comes while {@code waitingMax} wait is dropped and counted.
 *
 * <p>The thread looks for more every {@value #PAUSE_MILLIS} ms while there is work; only when it has slept for long does
 * adding cost a wake-up. Closing writes what is left.
 */
final class Outbox<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final long PAUSE_MILLIS = 50;
    private static final int IDLE_PAUSES = 40;
    private static final int BATCH_MAX = 512;
    private static final long CLOSE_MILLIS = 5_000;

    private final int waitingMax;
    private final Consumer<List<T>> sink;
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private volatile boolean asleep;
    private volatile boolean closing;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param sink gets what came, in order, at most {@value #BATCH_MAX} at once
     */
    Outbox(String name, int waitingMax, Consumer<List<T>> sink) {
        this.waitingMax = waitingMax;
        this.sink = sink;
        this.writer = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    void add(T thing) {
        if (size.getAndIncrement() >= waitingMax) {
            size.getAndDecrement();
            dropped.increment();
            return;
        }
        waiting.add(thing);
        if (asleep) {
            LockSupport.unpark(writer);
        }
    }

    long dropped() {
        return dropped.sum();
    }

    private void run() {
        int idle = 0;
        while (true) {
            boolean last = closing; // read before the queue, so that what came before closing is written
            List<T> batch = take();
            if (!batch.isEmpty()) {
                deliver(batch);
                idle = 0;
            } else if (last) {
                return;
            }
            if (batch.size() < BATCH_MAX && !last) {
                pause(++idle);
            }
        }
    }

    private void deliver(List<T> batch) {
        try {
            sink.accept(batch);
        } catch (RuntimeException e) {
            dropped.add(batch.size());
            LOG.error("{} lost {} entries", writer.getName(), batch.size(), e);
        }
    }

    private void pause(int idle) {
        if (idle < IDLE_PAUSES) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            return;
        }
        asleep = true;
        if (waiting.isEmpty() && !closing) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private List<T> take() {
        List<T> batch = new ArrayList<>();
        for (T next = waiting.poll(); next != null; next = waiting.poll()) {
            size.getAndDecrement();
            batch.add(next);
            if (batch.size() == BATCH_MAX) {
                break;
            }
        }
        return batch;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
