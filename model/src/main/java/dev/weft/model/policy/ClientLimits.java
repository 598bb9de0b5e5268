package dev.weft.model.policy;

import java.time.Duration;

/**
 * What the edge takes of its clients.
 *
 * @param bodyBytesMax of a request's body, on routes that say nothing else; more is 413; 0 for no limit
 * @param http2 of one connection in HTTP/2
 */
public record ClientLimits(
        long bodyBytesMax,
        Connections connections,
        Patience patience,
        Heap heap,
        Messages messages,
        Http2Limits http2) {

    /** Envoy's numbers for edges, nginx's for idle connections. */
    public static final ClientLimits DEFAULT = new ClientLimits(
            0, Connections.DEFAULT, Patience.DEFAULT, Heap.DEFAULT, Messages.DEFAULT, Http2Limits.DEFAULT);

    public ClientLimits withBodyBytesMax(long bytes) {
        return new ClientLimits(bytes, connections, patience, heap, messages, http2);
    }

    public ClientLimits with(Connections others) {
        return new ClientLimits(bodyBytesMax, others, patience, heap, messages, http2);
    }

    public ClientLimits with(Patience other) {
        return new ClientLimits(bodyBytesMax, connections, other, heap, messages, http2);
    }

    public ClientLimits with(Heap other) {
        return new ClientLimits(bodyBytesMax, connections, patience, other, messages, http2);
    }

    public ClientLimits with(Messages others) {
        return new ClientLimits(bodyBytesMax, connections, patience, heap, others, http2);
    }

    public ClientLimits with(Http2Limits others) {
        return new ClientLimits(bodyBytesMax, connections, patience, heap, messages, others);
    }

    /**
     * How many clients may be connected at a time.
     *
     * @param max at all ports of the edge
     * @param perListenerMax at one port
     * @param perAddressMax from one address, at all ports; loopback is exempt
     */
    public record Connections(int max, int perListenerMax, int perAddressMax) {
        public static final Connections DEFAULT = new Connections(50_000, 10_000, 1_000);
    }

    /**
     * How long the edge waits for a client.
     *
     * @param handshake from the first byte of TLS, or the connection's beginning, to the handshake's end
     * @param head from the first byte of a request's head to its last; later is 408
     * @param bodyGap without a byte of a request's body; later is 408
     * @param bodyRateMin bytes per second of a request's body, on average and from the tenth second on, looked at every
     *     {@link #bodyGap}; fewer is 408; 0 for any
     * @param idle without a request, between two or before the first
     */
    public record Patience(Duration handshake, Duration head, Duration bodyGap, int bodyRateMin, Duration idle) {

        public static final Patience DEFAULT = new Patience(
                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30), 240, Duration.ofSeconds(75));

        /** The same for a client's own part of requests. */
        public Patience with(Duration forHead, Duration forBody, Duration whenIdle) {
            return new Patience(handshake, forHead, forBody, bodyRateMin, whenIdle);
        }
    }

    /**
     * What the edge does when memory runs out, in percent of the heap's old generation that are still in use after a
     * collection; 100 for nothing.
     *
     * @param cachesPercent from where on what is kept for later is dropped
     * @param requestsPercent from where on new requests are refused
     */
    public record Heap(int cachesPercent, int requestsPercent) {
        public static final Heap DEFAULT = new Heap(95, 98);
    }

    /**
     * What one connection may carry.
     *
     * @param extensionBytesMax of all chunks of a body together, beside one for every eight bytes of data; more is 400; 0 to
     *     {@link #PART_MOST}
     * @param trailerBytesMax behind a body; more is 400; {@link #TRAILER_LEAST} to {@link #PART_MOST}
     * @param queuedBytesMax of answers, or of each in HTTP/2, that wait for a client to take them; from there on no more is
     *     read of them; {@link #QUEUED_LEAST} to {@link #QUEUED_MOST}
     * @param requestsMax one after the other or at a time; then it is ended in order; 0 for any number
     */
    public record Messages(int extensionBytesMax, int trailerBytesMax, int queuedBytesMax, int requestsMax) {

        public static final int PART_MOST = 64 * 1024;
        public static final int TRAILER_LEAST = 64;
        public static final int QUEUED_LEAST = 4 * 1024;
        public static final int QUEUED_MOST = 1024 * 1024;

        public static final Messages DEFAULT = new Messages(16 * 1024, 16 * 1024, 64 * 1024, 0);

        public Messages {
            check("extensionBytesMax", extensionBytesMax, 0, PART_MOST);
            check("trailerBytesMax", trailerBytesMax, TRAILER_LEAST, PART_MOST);
            check("queuedBytesMax", queuedBytesMax, QUEUED_LEAST, QUEUED_MOST);
            check("requestsMax", requestsMax, 0, Integer.MAX_VALUE);
        }

        private static void check(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
            }
        }
    }
}
