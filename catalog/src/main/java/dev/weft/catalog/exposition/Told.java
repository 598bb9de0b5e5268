package dev.weft.catalog.exposition;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of those that are there are told apart in a family of metrics that is read anew each time: the first so many, for as
 * long as they are there, so that none changes places. The rest are one sample, {@code other}. Safe from any thread.
 */
final class Told<K> {

    static final int SERIES_MAX = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Told.class);

    private final String label;
    private final int most;
    private final Set<K> apart = new HashSet<>();
    private final Set<K> others = new HashSet<>();
    private long folded;

    /**
     * None yet.
     *
     * @param label what tells them apart
     */
    Told(String label, int most) {
        this.label = label;
        this.most = most;
    }

    /** Those of them that are told apart; they come in an order that stays the same. */
    synchronized Set<K> of(Collection<K> present) {
        Set<K> there = new HashSet<>(present);
        apart.retainAll(there);
        others.retainAll(there);
        for (K each : present) {
            if (apart.size() < most && !apart.contains(each)) {
                apart.add(each);
                others.remove(each);
            } else if (!apart.contains(each) && others.add(each) && folded++ == 0) {
                LOG.warn("{} series reached; what comes on top is told under {}=\"other\"", most, label);
            }
        }
        return Set.copyOf(apart);
    }

    String label() {
        return label;
    }

    /** How many were told apart last. */
    synchronized int count() {
        return apart.size();
    }

    int most() {
        return most;
    }

    /** How many came on top so far. */
    synchronized long folded() {
        return folded;
    }
}
