package dev.weft.proxy.limit;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Those who wait for a right, first in, first out. Shared by all loops without a lock: one concurrent queue, its length
 * one word. Order of steps that makes a lost wake-up impossible: whoever waits first joins and then looks for a free right;
 * whoever frees one first frees it and then looks at the line.
 *
 * @param <T> the right
 */
public final class Line<T> {

    private final Queue<Ticket<T>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();

    /** Whether nobody waits. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** How many wait now. */
    public int length() {
        return length.get();
    }

    /**
     * Joins; the caller looks for a free right next.
     *
     * @param granted takes the right, on the thread that freed it; it must hop to its own loop and return at once
     * @return empty when as many wait as may
     */
    public Optional<Ticket<T>> join(int lengthMax, Consumer<T> granted) {
        if (length.incrementAndGet() > lengthMax) {
            length.decrementAndGet();
            return Optional.empty();
        }
        Ticket<T> ticket = new Ticket<>(this, granted);
        queue.add(ticket);
        return Optional.of(ticket);
    }

    /** Gives the right to the first who still waits; false when nobody does. */
    public boolean grantFirst(T right) {
        for (Ticket<T> first = queue.poll(); first != null; first = queue.poll()) {
            if (first.grant(right)) {
                length.decrementAndGet();
                return true;
            }
        }
        return false;
    }

    /** A ticket was cancelled. */
    void left(Ticket<T> ticket) {
        queue.remove(ticket);
        length.decrementAndGet();
    }
}
