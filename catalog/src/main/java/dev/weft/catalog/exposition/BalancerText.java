package dev.weft.catalog.exposition;

import dev.weft.model.outcome.BalancerState;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of {@code /metrics} that says how endpoints are: ready, taken out by a breaker, waited for. */
final class BalancerText {

    private static final String ENDPOINTS = "outbound_http_balancer_endpoints";
    private static final String WAITING = "outbound_http_balancer_queue_length";
    private static final String TRIPS = "weft_circuit_breaker_trips_total";

    private BalancerText() {}

    static void write(Exposition out, List<BalancerState> states) {
        List<BalancerState> ordered = states.stream()
                .sorted(Comparator.comparing(state -> state.servicePort().toString()))
                .toList();
        out.metric(ENDPOINTS, "gauge", "Endpoints by state; pending are those that a circuit breaker has taken out.");
        for (BalancerState state : ordered) {
            Map<String, String> labels = labels(state);
            labels.put("endpoint_state", "ready");
            out.sample(ENDPOINTS, labels, state.ready());
            labels.put("endpoint_state", "pending");
            out.sample(ENDPOINTS, labels, state.out());
        }
        out.metric(WAITING, "gauge", "Requests that wait for an endpoint, or for room in one.");
        ordered.stream()
                .filter(state -> state.waiting() > 0)
                .forEach(state -> out.sample(WAITING, labels(state), state.waiting()));
        out.metric(TRIPS, "counter", "How often a circuit breaker took an endpoint out.");
        ordered.stream()
                .filter(state -> state.trips() > 0)
                .forEach(state -> out.sample(TRIPS, labels(state), state.trips()));
    }

    private static Map<String, String> labels(BalancerState state) {
        Map<String, String> labels = new LinkedHashMap<>();
        LinkerdLabels.servicePort(labels, "backend", state.servicePort().toString());
        return labels;
    }
}
