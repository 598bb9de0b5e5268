package dev.weft.proxy.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, in order. */
final class Clock {

    private record Event(long at, long number, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now;
    private long number;

    long now() {
        return now;
    }

    void in(long nanos, Runnable action) {
        events.add(new Event(now + nanos, number++, action));
    }

    /** Until nothing is left to happen. */
    void run() {
        for (Event next = events.poll(); next != null; next = events.poll()) {
            now = next.at;
            next.action.run();
        }
    }
}
