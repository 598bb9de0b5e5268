package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.model.outcome.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The part of {@code /metrics} that says what proxies decided: whom they let pass, what they answered themselves, and how a
 * route's requests ended. Computed from the same sums as the counters of requests.
 */
final class DecisionText {

    private DecisionText() {}

    static void write(Exposition out, Map<Traffic, Sums> sums) {
        Predicate<Traffic> inbound = series ->
                series.direction() == Direction.INBOUND && !series.reporter().equals(Party.EDGE);
        String denied = ErrorCode.ACCESS_DENIED.code();
        callers(
                out,
                "inbound_http_authz_allow_total",
                "Requests that a policy let pass.",
                sums,
                inbound.and(series -> !series.error().equals(denied)));
        callers(
                out,
                "inbound_http_authz_deny_total",
                "Requests that no policy allowed.",
                sums,
                inbound.and(series -> series.error().equals(denied)));
        callers(
                out,
                "inbound_http_local_ratelimit_total",
                "Requests that a rate limit refused.",
                sums,
                series -> series.direction() == Direction.INBOUND
                        && series.error().equals(ErrorCode.RATE_LIMITED.code()));
        callers(
                out,
                "inbound_http_route_not_found_total",
                "Requests for which no rule was found.",
                sums,
                series -> series.direction() == Direction.INBOUND
                        && (series.error().equals(ErrorCode.ROUTE_NOT_FOUND.code())
                                || series.error().equals(ErrorCode.HOST_UNKNOWN.code())));
        errors(out, "inbound_http_errors_total", Direction.INBOUND, sums);
        errors(out, "outbound_http_errors_total", Direction.OUTBOUND, sums);
        routes(out, sums);
    }

    private static void callers(
            Exposition out, String name, String help, Map<Traffic, Sums> sums, Predicate<Traffic> wanted) {
        Map<Map<String, String>, Long> counts = new LinkedHashMap<>();
        sums.forEach((series, sum) -> {
            if (wanted.test(series)) {
                Map<String, String> labels = LinkerdLabels.caller(series);
                if (!series.route().isEmpty()) {
                    LinkerdLabels.authorization(labels, series.route());
                }
                counts.merge(labels, sum.count(), Long::sum);
            }
        });
        out.metric(name, "counter", help);
        counts.forEach((labels, count) -> out.sample(name, labels, count));
    }

    private static void errors(Exposition out, String name, Direction direction, Map<Traffic, Sums> sums) {
        Map<Map<String, String>, Long> counts = new LinkedHashMap<>();
        sums.forEach((series, sum) -> {
            if (series.direction() == direction && !series.error().isEmpty()) {
                Map<String, String> labels = new LinkedHashMap<>();
                labels.put("namespace", series.reporter().namespace());
                labels.put(series.reporter().label(), series.reporter().name());
                labels.put("error", series.error());
                counts.merge(labels, sum.count(), Long::sum);
            }
        });
        out.metric(name, "counter", "Answers that the proxy made itself, and answers that it cut off, by code.");
        counts.forEach((labels, count) -> out.sample(name, labels, count));
    }

    private static void routes(Exposition out, Map<Traffic, Sums> sums) {
        Map<Map<String, String>, Sums> byRoute = new LinkedHashMap<>();
        Map<Map<String, String>, Long> byStatus = new LinkedHashMap<>();
        sums.forEach((series, sum) -> {
            if (series.direction() == Direction.OUTBOUND) {
                byRoute.merge(LinkerdLabels.route(series), sum, Sums::plus);
                Map<String, String> labels = LinkerdLabels.route(series);
                labels.put("http_status", series.status() == 0 ? "" : Integer.toString(series.status()));
                labels.put("error", series.error());
                byStatus.merge(labels, sum.count(), Long::sum);
            }
        });
        String duration = "outbound_http_route_request_duration_seconds";
        out.metric(duration, "histogram", "Time from the request's head to the response's end, retries included.");
        byRoute.forEach((labels, sum) -> out.durations(duration, labels, sum));
        String statuses = "outbound_http_route_request_statuses_total";
        out.metric(statuses, "counter", "How a route's requests ended, retries included.");
        byStatus.forEach((labels, count) -> out.sample(statuses, labels, count));
    }
}
