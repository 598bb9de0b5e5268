package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Bounds;
import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.model.traffic.ServicePort;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of {@code /metrics} that Linkerd has for the routes of a ServiceProfile: what a route's callers saw, and, as {@code
 * actual}, the tries that it took. Computed from the same sums as everything else.
 */
final class RouteText {

    private RouteText() {}

    static void write(
            Exposition out, Map<Traffic, Sums> requests, Map<BackendTraffic, Sums> tries, RetryCounters retries) {
        Map<Map<String, String>, Sums> byRoute = new LinkedHashMap<>();
        Map<Map<String, String>, Sums> byEnd = new LinkedHashMap<>();
        requests.forEach((series, sum) -> {
            if (series.direction() == Direction.OUTBOUND && !series.route().isEmpty()) {
                byRoute.merge(labels(series), sum, Sums::plus);
                Map<String, String> ended = labels(series);
                ended.put("classification", series.success() ? "success" : "failure");
                ended.put("status_code", series.status() == 0 ? "" : Integer.toString(series.status()));
                byEnd.merge(ended, sum, Sums::plus);
            }
        });
        out.metric("route_request_total", "counter", "Requests of a route, retries not counted.");
        byRoute.forEach((labels, sum) -> out.sample("route_request_total", labels, sum.count()));
        out.metric("route_response_total", "counter", "How they ended.");
        byEnd.forEach((labels, sum) -> out.sample("route_response_total", labels, sum.count()));
        out.metric("route_response_latency_ms", "histogram", "Time to the response's head, retries included, in ms.");
        byRoute.forEach(
                (labels, sum) -> out.histogram("route_response_latency_ms", labels, sum, Bounds.LATENCY, 1_000));
        actual(out, tries);
        retryable(out, requests, retries);
    }

    /** Failed tries that their rule would repeat: those that were, and with {@code skipped} those that were not. */
    private static void retryable(Exposition out, Map<Traffic, Sums> requests, RetryCounters retries) {
        Map<Map<String, String>, Long> all = new LinkedHashMap<>();
        requests.forEach((series, sum) -> {
            if (series.direction() == Direction.OUTBOUND && !series.route().isEmpty() && sum.retries() > 0) {
                all.merge(labels(series), sum.retries(), Long::sum);
            }
        });
        retries.each((reporter, frontend, route, why, count) -> {
            Map<String, String> labels = labels(reporter, authority(frontend), route);
            labels.put(
                    "skipped",
                    switch (why) {
                        case BUDGET_EMPTY -> "no_budget";
                        case TRIES_USED_UP, LIMIT_REACHED -> "limit";
                    });
            all.merge(labels, count, Long::sum);
        });
        out.metric(
                "route_retryable_total",
                "counter",
                "Failed tries that could be repeated; skipped says why one was not.");
        all.forEach((labels, count) -> out.sample("route_retryable_total", labels, count));
    }

    private static void actual(Exposition out, Map<BackendTraffic, Sums> tries) {
        Map<Map<String, String>, Long> byRoute = new LinkedHashMap<>();
        Map<Map<String, String>, Long> byEnd = new LinkedHashMap<>();
        tries.forEach((series, sum) -> {
            if (!series.route().isEmpty()) {
                byRoute.merge(labels(series), sum.count(), Long::sum);
                Map<String, String> ended = labels(series);
                boolean success = series.status() > 0 && series.status() < 500;
                ended.put("classification", success ? "success" : "failure");
                ended.put("status_code", series.status() == 0 ? "" : Integer.toString(series.status()));
                byEnd.merge(ended, sum.count(), Long::sum);
            }
        });
        out.metric("route_actual_request_total", "counter", "Tries of a route's requests.");
        byRoute.forEach((labels, count) -> out.sample("route_actual_request_total", labels, count));
        out.metric("route_actual_response_total", "counter", "How they ended.");
        byEnd.forEach((labels, count) -> out.sample("route_actual_response_total", labels, count));
    }

    private static Map<String, String> labels(Traffic series) {
        return labels(series.reporter(), series.authority(), series.route());
    }

    private static Map<String, String> labels(Party reporter, String authority, String route) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("direction", "outbound");
        labels.put("namespace", reporter.namespace());
        labels.put(reporter.label(), reporter.name());
        labels.put("dst", authority);
        labels.put("rt_route", route);
        return labels;
    }

    /** {@code namespace/name:port} as callers name it. */
    private static String authority(String parent) {
        return parent.contains("/") ? Recorder.authority(ServicePort.parse(parent)) : parent;
    }

    private static Map<String, String> labels(BackendTraffic series) {
        return labels(series.reporter(), authority(series.parent()), series.route());
    }
}
