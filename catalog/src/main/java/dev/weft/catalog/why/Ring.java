package dev.weft.catalog.why;

import dev.weft.model.outcome.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The last that were added, a fixed number of them. Adding is one atomic increment and one write. */
final class Ring {

    private final AtomicReferenceArray<Ended> slots;
    private final AtomicLong next = new AtomicLong();

    Ring(int size) {
        slots = new AtomicReferenceArray<>(size);
    }

    void add(Ended ended) {
        slots.set((int) (next.getAndIncrement() % slots.length()), ended);
    }

    List<Ended> withId(String id) {
        List<Ended> found = new ArrayList<>();
        for (int i = 0; i < slots.length(); i++) {
            Ended ended = slots.get(i);
            if (ended != null && ended.id().equals(id)) {
                found.add(ended);
            }
        }
        return found;
    }

    /** The oldest that is there, where older ones were; empty before. */
    Optional<Ended> oldestOfFull() {
        long end = next.get();
        return end <= slots.length() ? Optional.empty() : Optional.ofNullable(slots.get((int) (end % slots.length())));
    }

    /** Newest first. */
    List<Ended> newest(int countMax) {
        List<Ended> newest = new ArrayList<>();
        long end = next.get();
        for (long at = end - 1; at >= Math.max(0, end - slots.length()) && newest.size() < countMax; at--) {
            Ended ended = slots.get((int) (at % slots.length()));
            if (ended != null) {
                newest.add(ended);
            }
        }
        return newest;
    }
}
