package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import dev.weft.resources.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers changes to the controllers of this process, all on one thread, in the order of the commits.
 *
 * <p>Deliveries are put into the queue under the index's lock, which is what makes a list and the changes after it fit
 * together.
 */
final class Dispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private record Delivery(Watch watch, Change change) {}

    private static final class Watch {
        final Consumer<Change> consumer;
        volatile boolean closed;

        Watch(Consumer<Change> consumer) {
            this.consumer = consumer;
        }
    }

    private final BlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();
    private final Map<Kind, List<Watch>> watches = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("store-changes").start(this::run);

    AutoCloseable watch(Index index, Kind kind, Consumer<Change> consumer) {
        Watch watch = new Watch(consumer);
        List<Watch> ofKind = watches.computeIfAbsent(kind, any -> new CopyOnWriteArrayList<>());
        index.withList(kind, resources -> {
            resources.forEach(resource -> queue.add(new Delivery(watch, new Change(Change.Type.ADDED, resource))));
            ofKind.add(watch);
        });
        return () -> {
            watch.closed = true;
            ofKind.remove(watch);
        };
    }

    void announce(Change change) {
        watches.getOrDefault(change.resource().kind(), List.of())
                .forEach(watch -> queue.add(new Delivery(watch, change)));
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                deliver(queue.take());
            }
        } catch (InterruptedException e) {
            return; // closed
        }
    }

    private static void deliver(Delivery delivery) {
        if (delivery.watch().closed) {
            return;
        }
        try {
            delivery.watch().consumer.accept(delivery.change());
        } catch (RuntimeException | Error e) { // whatever one controller fails of, the others go on
            LOG.error("a watch failed on {}", delivery.change().resource(), e);
        }
    }
}
