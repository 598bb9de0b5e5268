package dev.weft.model.policy;

import java.util.Optional;

/**
 * What a rule says about sharing its requests, beside what its backends' {@link TrafficPolicy} says.
 *
 * @param balancing in place of the service's, when present
 * @param limits of this rule's requests alone; the service's hold as well
 */
public record RouteTraffic(Optional<Balancing> balancing, ConnectionLimits limits) {

    public static final RouteTraffic AS_THE_SERVICE_SAYS = new RouteTraffic(Optional.empty(), ConnectionLimits.NONE);
}
