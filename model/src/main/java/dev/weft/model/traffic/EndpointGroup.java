package dev.weft.model.traffic;

import java.util.List;

/**
 * The endpoints of one service port, ready ones only.
 *
 * @param activatable true when the service sleeps at zero: a request that finds no endpoint asks for {@link
 *     dev.weft.model.workload.Capacity} instead of failing
 * @param concurrencyPerEndpoint hard limit of requests at once in one endpoint (Knative's {@code
 *     containerConcurrency}); 0 for none
 * @param policy how the endpoints share the requests
 * @param zones of the endpoints in their order, an empty text where one has none; an empty list when no zone is known
 */
public record EndpointGroup(
        ServicePort servicePort,
        List<Endpoint> endpoints,
        boolean activatable,
        int concurrencyPerEndpoint,
        TrafficPolicy policy,
        List<String> zones) {

    public EndpointGroup {
        endpoints = List.copyOf(endpoints);
        zones = List.copyOf(zones);
        if (!zones.isEmpty() && zones.size() != endpoints.size()) {
            throw new IllegalArgumentException("zones: " + zones + " (expected: one for each of " + endpoints + ")");
        }
    }

    /** A group with the default policy. */
    public EndpointGroup(
            ServicePort servicePort, List<Endpoint> endpoints, boolean activatable, int concurrencyPerEndpoint) {
        this(servicePort, endpoints, activatable, concurrencyPerEndpoint, TrafficPolicy.DEFAULT, List.of());
    }

    /** The same with another policy. */
    public EndpointGroup with(TrafficPolicy other) {
        return new EndpointGroup(servicePort, endpoints, activatable, concurrencyPerEndpoint, other, zones);
    }
}
