package dev.weft.catalog.why;

import dev.weft.model.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The last Outcomes that were added, a fixed number of them. Adding is one atomic increment and one write. */
final class Ring {

    private final AtomicReferenceArray<Outcome> slots;
    private final AtomicLong next = new AtomicLong();

    Ring(int size) {
        slots = new AtomicReferenceArray<>(size);
    }

    void add(Outcome outcome) {
        slots.set((int) (next.getAndIncrement() % slots.length()), outcome);
    }

    List<Outcome> withRequestId(String requestId) {
        List<Outcome> found = new ArrayList<>();
        for (int i = 0; i < slots.length(); i++) {
            Outcome outcome = slots.get(i);
            if (outcome != null && outcome.requestId().equals(requestId)) {
                found.add(outcome);
            }
        }
        return found;
    }

    /** Newest first. */
    List<Outcome> newest(int countMax) {
        List<Outcome> newest = new ArrayList<>();
        long end = next.get();
        for (long at = end - 1; at >= Math.max(0, end - slots.length()) && newest.size() < countMax; at--) {
            Outcome outcome = slots.get((int) (at % slots.length()));
            if (outcome != null) {
                newest.add(outcome);
            }
        }
        return newest;
    }
}
