package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Series;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.traffic.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The part of {@code /metrics} that says how endpoints are: ready, taken out by a breaker, waited for. */
final class BalancerText {

    private static final String ENDPOINTS = "outbound_http_balancer_endpoints";
    private static final String WAITING = "outbound_http_balancer_queue_length";
    private static final String TRIPS = "weft_circuit_breaker_trips_total";

    private final Told<ServicePort> told = new Told<>("backend_name", Told.SERIES_MAX);

    /** Of one service, or of all that are not told apart. */
    private record Row(String service, long ready, long out, long trips, long waiting) {

        Row plus(BalancerState state) {
            return new Row(
                    service,
                    ready + state.ready(),
                    out + state.out(),
                    trips + state.trips(),
                    waiting + state.waiting());
        }

        Map<String, String> labels() {
            Map<String, String> labels = new LinkedHashMap<>();
            LinkerdLabels.servicePort(labels, "backend", service);
            return labels;
        }
    }

    /** Which services are told apart. */
    Told<ServicePort> told() {
        return told;
    }

    void write(Exposition out, List<BalancerState> states) {
        List<Row> rows = rows(states);
        out.metric(ENDPOINTS, "gauge", "Endpoints by state; pending are those that a circuit breaker has taken out.");
        for (Row row : rows) {
            Map<String, String> labels = row.labels();
            labels.put("endpoint_state", "ready");
            out.sample(ENDPOINTS, labels, row.ready);
            labels.put("endpoint_state", "pending");
            out.sample(ENDPOINTS, labels, row.out);
        }
        out.metric(WAITING, "gauge", "Requests that wait for an endpoint, or for room in one.");
        rows.stream().filter(row -> row.waiting > 0).forEach(row -> out.sample(WAITING, row.labels(), row.waiting));
        out.metric(TRIPS, "counter", "How often a circuit breaker took an endpoint out.");
        rows.stream().filter(row -> row.trips > 0).forEach(row -> out.sample(TRIPS, row.labels(), row.trips));
    }

    private List<Row> rows(List<BalancerState> states) {
        List<BalancerState> ordered = states.stream()
                .sorted(Comparator.comparing(state -> state.servicePort().toString()))
                .toList();
        Set<ServicePort> apart =
                told.of(ordered.stream().map(BalancerState::servicePort).toList());
        List<Row> rows = new ArrayList<>();
        Row rest = new Row(Series.OTHER, 0, 0, 0, 0);
        for (BalancerState state : ordered) {
            if (apart.contains(state.servicePort())) {
                rows.add(new Row(state.servicePort().toString(), 0, 0, 0, 0).plus(state));
            } else {
                rest = rest.plus(state);
            }
        }
        if (rows.size() < ordered.size()) {
            rows.add(rest);
        }
        return rows;
    }
}
