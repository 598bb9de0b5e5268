package dev.weft.apiserver.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;

/** The latest changes of one kind, between 1,000 and 2,000 of them. Guarded by the index's lock. */
final class History {

    private static final int KEPT = 1_000;

    /** Given to one reader. */
    static final int AT_ONCE = 100;

    private final List<Step> steps = new ArrayList<>();
    private final Condition added;
    private long floor;

    /** @param floor the version before which nothing is known */
    History(long floor, Condition added) {
        this.floor = floor;
        this.added = added;
    }

    void add(Step step) {
        steps.add(step);
        if (steps.size() == 2 * KEPT) {
            floor = steps.get(KEPT - 1).version();
            steps.subList(0, KEPT).clear();
        }
        added.signalAll();
    }

    /** Signalled when a change has been added. */
    Condition added() {
        return added;
    }

    /** All that are kept after a version. */
    List<Step> after(long version, long newest) {
        int from = place(version, newest);
        return List.copyOf(steps.subList(from, steps.size()));
    }

    /** The first of them: whoever is slow holds no more of what is long past. */
    List<Step> firstAfter(long version, long newest) {
        int from = place(version, newest);
        return List.copyOf(steps.subList(from, Math.min(from + AT_ONCE, steps.size())));
    }

    private int place(long version, long newest) {
        if (version < floor) {
            throw new GoneException(version, Math.min(floor, newest));
        }
        int from = steps.size();
        while (from > 0 && steps.get(from - 1).version() > version) {
            from--;
        }
        return from;
    }
}
