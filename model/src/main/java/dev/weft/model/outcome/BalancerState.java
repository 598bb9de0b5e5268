package dev.weft.model.outcome;

import dev.weft.model.traffic.ServicePort;

/**
 * How a service port's endpoints are now, at one proxy.
 *
 * @param ready endpoints that take requests
 * @param out endpoints that a circuit breaker has taken out
 * @param trips how often it took one out, since the service is known
 * @param waiting requests and opaque streams that wait for an endpoint, or for room in one
 */
public record BalancerState(ServicePort servicePort, int ready, int out, long trips, int waiting) {}
