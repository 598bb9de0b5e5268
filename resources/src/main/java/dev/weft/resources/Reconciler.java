package dev.weft.resources;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one controller: a queue of keys without doubles, worked off by one virtual thread, so that a controller never
 * races with itself. A reconciliation that throws is logged and repeated, waiting 10 ms, doubling up to 10 s.
 *
 * <p>Owner of the queue: {@code lock}; it is never held while the controller runs.
 */
public final class Reconciler<K> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final long RETRY_FIRST_NANOS = Duration.ofMillis(10).toNanos();
    private static final long RETRY_MAX_NANOS = Duration.ofSeconds(10).toNanos();

    private final String name;
    private final Consumer<K> reconcile;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<K, Long> dueNanos = new LinkedHashMap<>();
    private final Map<K, Long> retryNanos = new LinkedHashMap<>();
    private final Thread worker;
    private boolean closed;

    /**
     * @param name for the thread and the log
     * @param reconcile brings the world in line with what is declared under the key; may block
     */
    public Reconciler(String name, Consumer<K> reconcile) {
        this.name = name;
        this.reconcile = reconcile;
        this.worker = Thread.ofVirtual().name(name).start(this::work);
    }

    /** Has the key reconciled soon; from any thread, returns at once. */
    public void enqueue(K key) {
        enqueueAfter(key, Duration.ZERO);
    }

    /** Has the key reconciled after the delay, or sooner if it is enqueued for sooner. */
    public void enqueueAfter(K key, Duration delay) {
        long due = System.nanoTime() + delay.toNanos();
        lock.lock();
        try {
            dueNanos.merge(key, due, (was, now) -> now - was < 0 ? now : was);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Stops after the reconciliation that is running, if any, and waits for it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (true) {
            try {
                worker.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        for (List<K> next = take(); !next.isEmpty(); next = take()) {
            next.forEach(this::run);
        }
    }

    private void run(K key) {
        try {
            reconcile.accept(key);
            retryNanos.remove(key);
        } catch (RefusedException e) {
            boolean expected = e.reason() == RefusedException.Reason.CONFLICT;
            retry(key, expected ? null : e);
        } catch (RuntimeException e) {
            retry(key, e);
        }
    }

    private void retry(K key, @Nullable RuntimeException failure) {
        long wait = retryNanos.merge(key, RETRY_FIRST_NANOS, (was, first) -> Math.min(was * 2, RETRY_MAX_NANOS));
        if (failure != null) {
            LOG.warn("{}: {} failed, trying again in {} ms", name, key, wait / 1_000_000, failure);
        }
        enqueueAfter(key, Duration.ofNanos(wait));
    }

    /** Waits for a key that is due; empty once closed. */
    private List<K> take() {
        lock.lock();
        try {
            while (!closed) {
                long now = System.nanoTime();
                long nearest = Long.MAX_VALUE;
                List<K> due = new ArrayList<>();
                for (Map.Entry<K, Long> entry : dueNanos.entrySet()) {
                    long wait = entry.getValue() - now;
                    if (wait <= 0) {
                        due.add(entry.getKey());
                        break;
                    }
                    nearest = Math.min(nearest, wait);
                }
                if (!due.isEmpty()) {
                    dueNanos.remove(due.getFirst());
                    return due;
                }
                changed.awaitNanos(nearest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return List.of();
    }
}
