package dev.weft.catalog.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counters of many series, in stripes so that event loops do not share cache lines. Recording takes no lock: one
 * look-up in the stripe of the calling thread, then atomic additions. A series that is seen for the first time is
 * entered in {@code known}, which bounds how many there can be.
 *
 * <p>Beyond the limit, a new series is folded: its label with the most values becomes {@code other}. When that is not
 * enough, all its labels do. Nothing is ever left uncounted, and {@link #folded()} says which labels it cost.
 */
public final class Counters<S extends Series<S>> {

    private static final Logger LOG = LoggerFactory.getLogger(Counters.class);

    private final String name;
    private final Bounds bounds;
    private final int seriesMax;
    private final List<Map<S, Cell>> stripes;
    private final Map<S, Boolean> known = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> folded = new ConcurrentHashMap<>();

    /** The label that is folded, empty while nothing is; found anew by {@link #review()}. */
    private volatile String widest = "";

    /**
     * No series yet.
     *
     * @param name for the log
     * @param bounds of the buckets that are exported
     * @param seriesMax how many series are told apart
     * @param stripeCount a power of two, about twice the number of event loops
     */
    public Counters(String name, Bounds bounds, int seriesMax, int stripeCount) {
        this.name = name;
        this.bounds = bounds;
        this.seriesMax = seriesMax;
        this.stripes = IntStream.range(0, Integer.highestOneBit(stripeCount))
                .<Map<S, Cell>>mapToObj(any -> new ConcurrentHashMap<>())
                .toList();
    }

    Cell cell(S series) {
        Map<S, Cell> stripe = stripes.get((int) Thread.currentThread().threadId() & (stripes.size() - 1));
        Cell cell = stripe.get(series);
        if (cell != null) {
            return cell;
        }
        S admitted = admit(series);
        return stripe.computeIfAbsent(admitted, any -> new Cell(bounds));
    }

    /** All series as they stand, each series read whole. */
    public Map<S, Sums> read() {
        Map<S, Sums> sums = HashMap.newHashMap(known.size());
        stripes.forEach(stripe -> stripe.forEach((series, cell) -> sums.merge(series, cell.read(), Sums::plus)));
        return sums;
    }

    /** How many requests were counted under {@code other}, by the label that was folded; empty while all is told apart. */
    public Map<String, Long> folded() {
        Map<String, Long> counts = new TreeMap<>();
        folded.forEach((label, count) -> counts.put(label, count.get()));
        return counts;
    }

    /** Looks anew which label has the most values, if there are too many series; called from time to time. */
    public void review() {
        if (known.size() >= seriesMax) {
            String label = widestLabel();
            if (!label.equals(widest)) {
                LOG.warn(
                        "{}: {} series reached; label {} has the most values, and what comes on top is counted under "
                                + "{}=\"other\"",
                        name,
                        seriesMax,
                        label,
                        label);
                widest = label;
            }
        }
    }

    private S admit(S series) {
        if (known.containsKey(series)) {
            return series;
        }
        if (known.size() < seriesMax) {
            known.put(series, true);
            return series;
        }
        if (widest.isEmpty()) {
            review();
        }
        String label = widest;
        folded.computeIfAbsent(label, any -> new AtomicLong()).getAndIncrement();
        S one = series.folded(label);
        if (known.containsKey(one) || known.size() < seriesMax + seriesMax / 8) {
            known.put(one, true);
            return one;
        }
        S all = one;
        for (String each : series.manyValued().keySet()) {
            all = all.folded(each);
        }
        known.put(all, true);
        return all;
    }

    private String widestLabel() {
        Map<String, Map<String, Boolean>> values = new TreeMap<>();
        known.keySet()
                .forEach(series -> series.manyValued()
                        .forEach((label, value) -> values.computeIfAbsent(label, any -> new HashMap<>())
                                .put(value, true)));
        return values.entrySet().stream()
                .max(Map.Entry.comparingByValue(java.util.Comparator.comparingInt(Map::size)))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
