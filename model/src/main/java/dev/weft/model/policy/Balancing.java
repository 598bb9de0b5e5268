package dev.weft.model.policy;

import java.time.Duration;
import java.util.Optional;

/** How an endpoint is chosen for a request. */
public sealed interface Balancing {

    /**
     * Of two taken at random the one with the lower load: its latency (a moving average that jumps up at once and decays
     * over 10 s) times the requests that it has. The default, as in Linkerd.
     *
     * @param rateLimitedCountsAs the latency that an answer of 429 counts as, so that an endpoint that refuses fast draws
     *     no traffic; zero to count what it took
     */
    record PeakEwma(Duration rateLimitedCountsAs) implements Balancing {}

    /** Of two taken at random the one with fewer requests under way. */
    record LeastRequest() implements Balancing {}

    /** One after the other. */
    record RoundRobin() implements Balancing {}

    /** By the request's key on a ring of 256 points for each endpoint (consistent hashing). */
    record RingHash(HashKey key) implements Balancing {}

    /** By the request's key in a Maglev table (Eisenbud and others, NSDI 2016): more even than a ring. */
    record Maglev(HashKey key) implements Balancing {}

    /** The default. */
    Balancing PEAK_EWMA = new PeakEwma(Duration.ZERO);

    /** What of a request says where it goes. A request without it goes to any endpoint. */
    sealed interface HashKey {

        /** A header's value; the name in lower case. */
        record Header(String name) implements HashKey {}

        /**
         * A cookie's value.
         *
         * @param path of the cookie that the proxy makes
         * @param timeToLive present when the proxy gives a cookie to a client that has none; zero for the browser's session
         */
        record Cookie(String name, String path, Optional<Duration> timeToLive) implements HashKey {}

        /** The client's address, without the port. */
        record SourceAddress() implements HashKey {}
    }
}
