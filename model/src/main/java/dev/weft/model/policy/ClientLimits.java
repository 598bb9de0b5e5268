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
 * @param bodyGap without a byte of a request's body; later is 408
 * @param bodyRateMin bytes per second of a request's body, on average and from the tenth second on, looked at every {@link
 *     #bodyGap}; fewer is 408; 0 for any
 * @param idle without a request, between two or before the first
 * @param http2 of one connection in HTTP/2
 */
public record ClientLimits(
        long bodyBytesMax,
        int connectionsMax,
        int connectionsPerListenerMax,
        int connectionsPerAddressMax,
        Duration head,
        Duration bodyGap,
        int bodyRateMin,
        Duration idle,
        Http2Limits http2) {

    /** Envoy's numbers for edges, nginx's for idle connections. */
    public static final ClientLimits DEFAULT = new ClientLimits(
            0,
            50_000,
            10_000,
            1_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            240,
            Duration.ofSeconds(75),
            Http2Limits.DEFAULT);

    public ClientLimits withBodyBytesMax(long bytes) {
        return new ClientLimits(
                bytes,
                connectionsMax,
                connectionsPerListenerMax,
                connectionsPerAddressMax,
                head,
                bodyGap,
                bodyRateMin,
                idle,
                http2);
    }

    public ClientLimits withConnections(int all, int perListener, int perAddress) {
        return new ClientLimits(bodyBytesMax, all, perListener, perAddress, head, bodyGap, bodyRateMin, idle, http2);
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
                bodyRateMin,
                whenIdle,
                http2);
    }

    /** The same with other limits of bodies' pace and of HTTP/2. */
    public ClientLimits with(int bodyBytesPerSecondMin, Http2Limits limits) {
        return new ClientLimits(
                bodyBytesMax,
                connectionsMax,
                connectionsPerListenerMax,
                connectionsPerAddressMax,
                head,
                bodyGap,
                bodyBytesPerSecondMin,
                idle,
                limits);
    }
}
