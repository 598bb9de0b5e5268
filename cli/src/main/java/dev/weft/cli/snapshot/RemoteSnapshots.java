package dev.weft.cli.snapshot;

import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a platform in another process. Follows its stream and, when that ends, connects again; meanwhile the
 * last snapshot keeps serving.
 *
 * <p>One virtual thread owns the following: it alone replaces the current snapshot and calls the listeners, but for the
 * first call of a listener, which its registration makes. Both hold the lock of this object while they do.
 */
public final class RemoteSnapshots implements Snapshots, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSnapshots.class);
    private static final long PAUSE_MILLIS_MIN = 100;
    private static final long PAUSE_MILLIS_MAX = 5_000;

    private final Consumer<Predicate<String>> stream;
    private final UnaryOperator<Snapshot> view;
    private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread follower;
    private volatile Snapshot current = Snapshot.EMPTY;

    private RemoteSnapshots(Consumer<Predicate<String>> stream, UnaryOperator<Snapshot> view) {
        this.stream = stream;
        this.view = view;
        this.follower = Thread.ofVirtual().name("snapshots").unstarted(this::follow);
    }

    /**
     * Starts following.
     *
     * @param stream opens the stream and hands over its lines until told to stop, the stream ends, or it fails (which it
     *     says by throwing)
     * @param view what of each snapshot this process acts on
     */
    public static RemoteSnapshots follow(Consumer<Predicate<String>> stream, UnaryOperator<Snapshot> view) {
        RemoteSnapshots snapshots = new RemoteSnapshots(stream, view);
        snapshots.follower.start();
        return snapshots;
    }

    /** Waits for the first snapshot; false when none came in time. */
    public boolean awaitFirst(long timeout, TimeUnit unit) throws InterruptedException {
        return first.await(timeout, unit);
    }

    @Override
    public Snapshot current() {
        return current;
    }

    @Override
    public synchronized void onChange(Consumer<Snapshot> listener) {
        listeners.add(listener);
        listener.accept(current);
    }

    @Override
    public void close() {
        closed.countDown();
        follower.interrupt();
    }

    private void follow() {
        long pause = PAUSE_MILLIS_MIN;
        while (closed.getCount() > 0) {
            long before = current.version();
            String ending = "it ended";
            try {
                stream.accept(this::line);
            } catch (RuntimeException e) {
                ending = String.valueOf(e.getMessage());
            }
            boolean worked = current.version() != before;
            pause = worked ? PAUSE_MILLIS_MIN : Math.min(pause * 2, PAUSE_MILLIS_MAX);
            if (closedWithin(pause)) {
                return;
            }
            if (worked) {
                LOG.warn("The stream of snapshots is away ({}); version {} keeps serving.", ending, current.version());
            }
        }
    }

    private boolean closedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private boolean line(String line) {
        if (!line.isBlank()) {
            publish(view.apply(SnapshotJson.read(line)));
        }
        return closed.getCount() > 0;
    }

    private synchronized void publish(Snapshot newer) {
        if (newer.version() == current.version()) {
            return;
        }
        current = newer;
        listeners.forEach(listener -> listener.accept(newer));
        first.countDown();
    }
}
