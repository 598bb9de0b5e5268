package dev.weft.catalog.slo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The cumulative counts of one indicator at past moments: any window is the difference of two of them. A slot is added
 * only when something was counted since the last one, at most one per step. Owner: one thread.
 */
final class Slots {

    private static final Duration STEP_MIN = Duration.ofSeconds(1);
    private static final Duration STEP_MAX = Duration.ofMinutes(1);
    private static final int STEPS_PER_WINDOW = 300;

    record Slot(long millis, long good, long total) {}

    private final long windowMillis;
    private final long stepMillis;
    private final List<Slot> slots = new ArrayList<>();

    /** With a first slot, from which on counting begins. */
    Slots(Duration window, List<Slot> past, Slot first) {
        windowMillis = window.toMillis();
        stepMillis = Math.clamp(windowMillis / STEPS_PER_WINDOW, STEP_MIN.toMillis(), STEP_MAX.toMillis());
        slots.addAll(past);
        if (slots.isEmpty()) {
            slots.add(first);
        }
    }

    /** Keeps the counts as they are now. */
    boolean keep(Slot now) {
        Slot last = slots.getLast();
        boolean same = last.total == now.total && last.good == now.good;
        if (same || now.millis - last.millis < stepMillis) {
            return false;
        }
        slots.add(now);
        int expired = 0;
        while (expired + 1 < slots.size() && slots.get(expired + 1).millis <= now.millis - windowMillis) {
            expired++;
        }
        slots.subList(0, expired).clear();
        return true;
    }

    /** What was counted in the last so much time, up to {@code now}; all there is while it is younger than that. */
    Meter.Reading last(Duration length, Slot now) {
        Slot from = at(now.millis - length.toMillis());
        return new Meter.Reading(now.good - from.good, now.total - from.total);
    }

    /** The counts at a time; the first there are when it was before them. */
    Slot at(long millis) {
        int low = 0;
        int high = slots.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (slots.get(middle).millis <= millis) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return slots.get(low);
    }

    /** Since when there are counts. */
    long sinceMillis() {
        return slots.getFirst().millis;
    }

    List<Slot> all() {
        return List.copyOf(slots);
    }
}
