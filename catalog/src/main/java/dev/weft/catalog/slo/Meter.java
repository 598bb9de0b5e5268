package dev.weft.catalog.slo;

import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.resources.openslo.Indicator;
import dev.weft.resources.openslo.Slo;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts an indicator's events from the raw counters.
 *
 * @param part the good events, or the bad ones
 * @param partIsGood which of both
 */
record Meter(Selector part, boolean partIsGood, Selector total) {

    /** Cumulative, since the counters began. */
    record Reading(long good, long total) {}

    /**
     * Understands an indicator.
     *
     * @throws IllegalArgumentException with a message for people
     */
    static Meter of(Slo slo) {
        if (slo.method() != Slo.BudgetingMethod.OCCURRENCES) {
            throw new IllegalArgumentException("budgetingMethod "
                    + slo.method().name().toLowerCase(Locale.ROOT) + " is not computed yet (expected: Occurrences)");
        }
        Indicator indicator = slo.indicator()
                .orElseThrow(() -> new IllegalArgumentException("indicatorRef \"" + slo.indicatorRef()
                        + "\" is not looked up yet (expected: the indicator " + "itself, in spec.indicator)"));
        return switch (indicator) {
            case Indicator.Ratio ratio -> {
                boolean good = ratio.good().isPresent();
                Indicator.MetricSource part = ratio.good().or(ratio::bad).orElseThrow();
                String classification = good ? "success" : "failure";
                String namespace = slo.resource().namespace();
                yield new Meter(
                        selector(part, namespace, classification), good, selector(ratio.total(), namespace, ""));
            }
            case Indicator.Threshold threshold ->
                throw new IllegalArgumentException(
                        "thresholdMetric is not computed yet (expected: ratioMetric, for latency with good = "
                                + "response_latency_ms_bucket{le=\"100\", …} and total = response_latency_ms_count{…})");
        };
    }

    Reading read(Map<Traffic, Sums> sums) {
        long all = total.count(sums);
        long counted = Math.min(part.count(sums), all);
        return new Reading(partIsGood ? counted : all - counted, all);
    }

    boolean countsOneSide() {
        return part.countsOneSide() && total.countsOneSide();
    }

    private static Selector selector(Indicator.MetricSource source, String namespace, String classification) {
        ObjectNode spec = source.spec();
        String type = source.type().toLowerCase(Locale.ROOT);
        if (type.equals("weft") || (type.isEmpty() && spec.has("service"))) {
            return ofService(spec.path("service").asString(""), namespace, classification);
        }
        if (!type.isEmpty() && !type.equals("prometheus")) {
            throw new IllegalArgumentException("metricSource of type " + source.type()
                    + " is not understood (expected: Prometheus with spec.query, or Weft with spec.service)");
        }
        String query = spec.path("query").asString(spec.path("promql").asString(""));
        if (query.isBlank()) {
            throw new IllegalArgumentException("metricSource.spec has no query (expected: query: "
                    + "response_total{direction=\"outbound\", authority=~\"hello[.].*\"})");
        }
        return Selector.parse(query);
    }

    /** All requests to a service, as its clients saw them. */
    private static Selector ofService(String service, String namespace, String classification) {
        if (!service.matches("([a-z0-9-]+/)?[a-z0-9-]+")) {
            throw new IllegalArgumentException(
                    "metricSource.spec.service: \"" + service + "\" (expected: name, or namespace/name)");
        }
        String where = service.contains("/") ? service.substring(0, service.indexOf('/')) : namespace;
        String name = service.substring(service.indexOf('/') + 1);
        String ended = classification.isEmpty() ? "" : ", classification=\"" + classification + "\"";
        return Selector.parse("response_total{direction=\"outbound\", authority=~\"" + name + "[.]" + where
                + "[.]svc[.].*\"" + ended + "}");
    }
}
