package dev.weft.model.policy;

import java.time.Duration;

/**
 * What the edge takes of its clients.
 *
 * @param bodyBytesMax of a request's body, on routes that say nothing else; more is 413; 0 for no limit
 * @param connectionsMax at a time, of all clients at all ports of the edge
 * @param connectionsPerListenerMax the same at one port
 * @param connectionsPerAddressMax the same from one address, at all ports; loopback is exempt
 * @param head from the first byte of a request's head to its last; later is 408
 * @param bodyGap without a byte of a request's body; later is 408, as is a body that falls under {@link #BODY_RATE_MIN}
 * @param idle without a request, between two or before the first
 */
public record ClientLimits(
        long bodyBytesMax,
        int connectionsMax,
        int connectionsPerListenerMax,
        int connectionsPerAddressMax,
        Duration head,
        Duration bodyGap,
        Duration idle) {

    /** Bytes per second, looked at every {@link #bodyGap}. */
    public static final int BODY_RATE_MIN = 240;

    /** Envoy's numbers for edges, nginx's for idle connections. */
    public static final ClientLimits DEFAULT = new ClientLimits(
            0, 50_000, 10_000, 1_000, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(75));

    public ClientLimits withBodyBytesMax(long bytes) {
        return new ClientLimits(
                bytes, connectionsMax, connectionsPerListenerMax, connectionsPerAddressMax, head, bodyGap, idle);
    }

    public ClientLimits withConnections(int all, int perListener, int perAddress) {
        return new ClientLimits(bodyBytesMax, all, perListener, perAddress, head, bodyGap, idle);
    }

    /** The same with other times. */
    public ClientLimits withPatience(Duration forHead, Duration forBody, Duration whenIdle) {
        return new ClientLimits(
                bodyBytesMax,
                connectionsMax,
                connectionsPerListenerMax,
                connectionsPerAddressMax,
                forHead,
                forBody,
                whenIdle);
    }
}
