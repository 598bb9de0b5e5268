package dev.weft.model.traffic;

import dev.weft.model.policy.TrafficPolicy;
import java.time.Duration;
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
 * @param protocol what is declared of its bytes
 * @param streamIdle how long an opaque connection may stay without a byte either way; zero for ever
 */
public record EndpointGroup(
        ServicePort servicePort,
        List<Endpoint> endpoints,
        boolean activatable,
        int concurrencyPerEndpoint,
        TrafficPolicy policy,
        List<String> zones,
        DeclaredProtocol protocol,
        Duration streamIdle) {

    /** How long an opaque connection may be idle when nothing says otherwise (as in Envoy). */
    public static final Duration STREAM_IDLE = Duration.ofHours(1);

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

    /** A group with nothing declared about its bytes. */
    public EndpointGroup(
            ServicePort servicePort,
            List<Endpoint> endpoints,
            boolean activatable,
            int concurrencyPerEndpoint,
            TrafficPolicy policy,
            List<String> zones) {
        this(
                servicePort,
                endpoints,
                activatable,
                concurrencyPerEndpoint,
                policy,
                zones,
                DeclaredProtocol.NONE,
                STREAM_IDLE);
    }

    /** The same with another policy. */
    public EndpointGroup with(TrafficPolicy other) {
        return new EndpointGroup(
                servicePort, endpoints, activatable, concurrencyPerEndpoint, other, zones, protocol, streamIdle);
    }

    /** The same with another declaration of its bytes. */
    public EndpointGroup with(DeclaredProtocol declared, Duration idle) {
        return new EndpointGroup(
                servicePort, endpoints, activatable, concurrencyPerEndpoint, policy, zones, declared, idle);
    }
}
