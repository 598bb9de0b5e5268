package dev.weft.catalog.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counters of many series, one stripe of them for each thread that records. Recording takes no lock. A series that is
 * seen for the first time is entered in {@code known}, which bounds how many there can be.
 *
 * <p>Beyond the limit, a new series is folded: its label with the most values becomes {@code other}. When that is not
 * enough, all its labels do. Nothing is ever left uncounted, and {@link #folded()} says which labels it cost.
 */
public final class Counters<S extends Series<S>> {

    private static final Logger LOG = LoggerFactory.getLogger(Counters.class);

    private final String name;
    private final Bounds bounds;
    private final Bounds durations;
    private final int seriesMax;
    private final PerThread<Map<S, Cell>> stripes = new PerThread<>(ConcurrentHashMap::new);
    private final Map<S, Boolean> known = new ConcurrentHashMap<>();

    /** The label that is folded, empty while nothing is; found anew by {@link #review()}. */
    private volatile String widest = "";

    /**
     * No series yet.
     *
     * @param name for the log
     * @param bounds of the buckets of latencies that are exported
     * @param durations the same for whole requests
     * @param seriesMax how many series are told apart
     */
    private Counters(String name, Bounds bounds, Bounds durations, int seriesMax) {
        this.name = name;
        this.bounds = bounds;
        this.durations = durations;
        this.seriesMax = seriesMax;
    }

    /** For requests, each counted when it ends. */
    public static Counters<Traffic> ofRequests(int seriesMax) {
        return new Counters<>("requests", Bounds.LATENCY, Bounds.DURATION, seriesMax);
    }

    /** For tries at backends. */
    public static Counters<BackendTraffic> ofTries(int seriesMax) {
        return new Counters<>("tries", Bounds.BACKEND, Bounds.NONE, seriesMax);
    }

    /** The calling thread's cell for this series; that thread alone may add to it, and may keep it. */
    Cell cell(S series) {
        Map<S, Cell> stripe = stripes.mine();
        Cell cell = stripe.get(series);
        if (cell != null) {
            return cell;
        }
        S admitted = admit(series);
        String folded = admitted.equals(series) ? "" : widest;
        return stripe.computeIfAbsent(admitted, any -> new Cell(bounds, durations, folded));
    }

    /** All series as they stand, each series read whole. */
    public Map<S, Sums> read() {
        Map<S, Sums> sums = HashMap.newHashMap(known.size());
        stripes.all().forEach(stripe -> stripe.forEach((series, cell) -> sums.merge(series, cell.read(), Sums::plus)));
        return sums;
    }

    /** How many series there are. */
    public int count() {
        return known.size();
    }

    /** From how many on they are folded. */
    public int most() {
        return seriesMax;
    }

    /** How many requests were counted under {@code other}, by the label that was folded; empty while all is told apart. */
    public Map<String, Long> folded() {
        Map<String, Long> counts = new TreeMap<>();
        stripes.all()
                .forEach(stripe -> stripe.values().stream()
                        .filter(cell -> !cell.folded().isEmpty())
                        .forEach(cell -> counts.merge(cell.folded(), cell.read().count(), Long::sum)));
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
