package dev.weft.model.policy;

import java.time.Duration;

/**
 * How requests are shared among a service's endpoints, and what protects them.
 *
 * @param slowStart time in which the share of an endpoint that joined others grows from a tenth to the whole; zero for none
 * @param zones whether endpoints in the caller's zone are preferred
 * @param adaptiveConcurrency whether the number of requests under way is limited by measuring latency: what the service
 *     cannot take without queueing is refused at once
 */
public record TrafficPolicy(
        Balancing balancing,
        Duration slowStart,
        Zones zones,
        CircuitBreaking circuitBreaking,
        ConnectionLimits limits,
        boolean adaptiveConcurrency) {

    public static final TrafficPolicy DEFAULT = new TrafficPolicy(
            Balancing.PEAK_EWMA, Duration.ZERO, Zones.ANY, CircuitBreaking.OFF, ConnectionLimits.NONE, false);

    /** What a caller's zone means. */
    public enum Zones {
        /** Nothing. */
        ANY,
        /** Endpoints of the caller's zone come first, others when those are loaded or out. */
        CLOSE
    }
}
