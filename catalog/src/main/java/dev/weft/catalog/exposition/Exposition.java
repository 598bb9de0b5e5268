package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Bounds;
import dev.weft.catalog.metrics.Buckets;
import dev.weft.catalog.metrics.Sums;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the Prometheus text format 0.0.4. */
final class Exposition {

    private final StringBuilder text = new StringBuilder(16_384);

    /** Begins a metric; its samples follow. */
    Exposition metric(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    Exposition sample(String name, Map<String, String> labels, long value) {
        return sample(name, labels, Long.toString(value));
    }

    Exposition sample(String name, Map<String, String> labels, double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return sample(name, labels, whole ? Long.toString((long) value) : Double.toString(value));
    }

    /**
     * Buckets, sum and count of one histogram.
     *
     * @param bounds those that belong to {@code sums}
     * @param unitMicros what one unit of the metric is: 1000 for milliseconds
     */
    Exposition histogram(String name, Map<String, String> labels, Sums sums, Bounds bounds, long unitMicros) {
        return histogram(name, labels, sums.buckets(), sums.latencyMicros(), bounds, unitMicros);
    }

    /** The same of how long whole requests took. */
    Exposition durations(String name, Map<String, String> labels, Sums sums) {
        return histogram(name, labels, sums.durations(), sums.durationMicros(), Bounds.DURATION, 1_000_000);
    }

    private Exposition histogram(
            String name, Map<String, String> labels, Buckets buckets, long sum, Bounds bounds, long unitMicros) {
        long upTo = 0;
        Map<String, String> withBound = new LinkedHashMap<>(labels);
        for (int i = 0; i < bounds.size(); i++) {
            upTo += buckets.at(i);
            withBound.put("le", decimal(bounds.micros(i), unitMicros));
            sample(name + "_bucket", withBound, upTo);
        }
        withBound.put("le", "+Inf");
        sample(name + "_bucket", withBound, buckets.total());
        sample(name + "_sum", labels, decimal(sum, unitMicros));
        return sample(name + "_count", labels, buckets.total());
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private Exposition sample(String name, Map<String, String> labels, String value) {
        text.append(name);
        char before = '{';
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!label.getValue().isEmpty()) {
                text.append(before).append(label.getKey()).append("=\"");
                escape(label.getValue());
                text.append('"');
                before = ',';
            }
        }
        text.append(before == ',' ? "} " : " ").append(value).append('\n');
        return this;
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
    }

    private static String decimal(long micros, long unitMicros) {
        BigDecimal value = BigDecimal.valueOf(micros).divide(BigDecimal.valueOf(unitMicros));
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
