package dev.weft.catalog.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * One value for each thread that asks, so that what is in it has one writer. A value outlives its thread, because what
 * was counted stays; the next new thread takes it over. So there are never more of them than threads lived at once.
 *
 * <p>Taking a value holds the monitor, once for each thread; reading all of them does not.
 */
final class PerThread<T> {

    private record Owned<T>(Thread owner, T value) {}

    private final Supplier<T> maker;
    private final List<Owned<T>> all = new CopyOnWriteArrayList<>();
    private final ThreadLocal<T> mine = ThreadLocal.withInitial(this::take);

    PerThread(Supplier<T> maker) {
        this.maker = maker;
    }

    T mine() {
        return mine.get();
    }

    /** Those of all threads, also of those that ended. */
    List<T> all() {
        List<T> values = new ArrayList<>();
        all.forEach(owned -> values.add(owned.value));
        return values;
    }

    private synchronized T take() {
        for (int i = 0; i < all.size(); i++) {
            Owned<T> left = all.get(i);
            if (!left.owner.isAlive()) {
                all.set(i, new Owned<>(Thread.currentThread(), left.value));
                return left.value;
            }
        }
        T fresh = maker.get();
        all.add(new Owned<>(Thread.currentThread(), fresh));
        return fresh;
    }
}
