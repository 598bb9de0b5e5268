package dev.weft.cli.snapshot;

import dev.weft.model.traffic.Snapshots;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a platform which of its snapshots is in effect here, so that it ends no pod that may still be sent to. Owner: one
 * virtual thread, which only works when a snapshot came.
 */
public final class Acknowledgement implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgement.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Until what was sent by the snapshot before has arrived. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Snapshots snapshots;
    private final LongSupplier inEffect;
    private final LongConsumer tell;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    /**
     * Starts telling.
     *
     * @param inEffect the version that requests meet from now on
     * @param tell sends a version; may throw, and is then asked again with the next one
     */
    public Acknowledgement(Snapshots snapshots, LongSupplier inEffect, LongConsumer tell) {
        this.snapshots = snapshots;
        this.inEffect = inEffect;
        this.tell = tell;
        this.thread = Thread.ofVirtual().name("acknowledgement").start(this::run);
        snapshots.onChange(_ -> news.release());
    }

    private void run() {
        try {
            while (true) {
                news.acquire();
                news.drainPermits();
                long newest = snapshots.current().version();
                while (inEffect.getAsLong() < newest && !Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                LockSupport.parkNanos(SETTLE_NANOS);
                tell(newest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void tell(long version) {
        try {
            tell.accept(version);
        } catch (RuntimeException e) {
            LOG.debug("version {} could not be acknowledged", version, e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
