package dev.weft.model.traffic;

import java.util.List;

/**
 * The endpoints of one service port, ready ones only.
 *
 * @param activatable true when the service sleeps at zero: a request that finds no endpoint asks for {@link
 *     dev.weft.model.workload.Capacity} instead of failing
 * @param concurrencyPerEndpoint hard limit of requests at once in one endpoint (Knative's {@code
 *     containerConcurrency}); 0 for none
 */
public record EndpointGroup(
        ServicePort servicePort, List<Endpoint> endpoints, boolean activatable, int concurrencyPerEndpoint) {

    public EndpointGroup {
        endpoints = List.copyOf(endpoints);
    }
}
