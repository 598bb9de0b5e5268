package dev.weft.catalog.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values by series, for what happens seldom enough that threads may share them; at most so many. Beyond, a new series is
 * folded as {@link Counters} do it: its label with the most values becomes {@code other}, and when that is not enough, all
 * its labels do. Safe from any thread.
 */
public final class Capped<S extends Series<S>, V> {

    private static final Logger LOG = LoggerFactory.getLogger(Capped.class);

    private final String name;
    private final int seriesMax;
    private final Supplier<V> fresh;
    private final Map<S, V> values = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> folded = new ConcurrentHashMap<>();
    private volatile String widest = "";

    /**
     * Nothing yet.
     *
     * @param name for the log
     */
    public Capped(String name, int seriesMax, Supplier<V> fresh) {
        this.name = name;
        this.seriesMax = seriesMax;
        this.fresh = fresh;
    }

    /** The value of this series, or of what it was folded into. */
    public V at(S series) {
        V known = values.get(series);
        if (known != null) {
            return known;
        }
        return values.computeIfAbsent(values.size() < seriesMax ? series : fold(series), any -> fresh.get());
    }

    private S fold(S series) {
        String label = widest();
        folded.computeIfAbsent(label, any -> new LongAdder()).increment();
        S one = series.folded(label);
        if (values.containsKey(one) || values.size() < seriesMax + seriesMax / 8) {
            return one;
        }
        S all = one;
        for (String each : series.manyValued().keySet()) {
            all = all.folded(each);
        }
        return all;
    }

    /** Found once: when the limit is reached, the label that brought it there is known. */
    private String widest() {
        String known = widest;
        if (known.isEmpty()) {
            Map<String, Set<String>> seen = new HashMap<>();
            values.keySet()
                    .forEach(series -> series.manyValued()
                            .forEach((label, value) -> seen.computeIfAbsent(label, any -> new HashSet<>())
                                    .add(value)));
            known = seen.entrySet().stream()
                    .max(java.util.Comparator.comparingInt(
                            entry -> entry.getValue().size()))
                    .map(Map.Entry::getKey)
                    .orElse("");
            widest = known;
            LOG.warn("{}: {} series reached; what comes on top is counted under {}=\"other\"", name, seriesMax, known);
        }
        return known;
    }

    /** All there are. */
    public Map<S, V> all() {
        return values;
    }

    /** How many there are. */
    public int count() {
        return values.size();
    }

    /** How often something was counted under {@code other}, by the label that was folded. */
    public Map<String, Long> folded() {
        Map<String, Long> counts = new TreeMap<>();
        folded.forEach((label, count) -> counts.put(label, count.sum()));
        return counts;
    }
}
