package dev.weft.proxy;

import java.time.Duration;

/**
 * How a proxy runs.
 *
 * @param loops event loops, at least 1; one for each core
 * @param trustGrace how long a request may go on that was under way when the anchor behind its caller was removed
 */
public record ProxyOptions(int loops, Duration trustGrace) {

    /** As long as requests usually take at most. */
    public static final Duration TRUST_GRACE = Duration.ofSeconds(30);

    /** With what is usual beside. */
    public ProxyOptions(int loops) {
        this(loops, TRUST_GRACE);
    }

    public ProxyOptions {
        if (loops < 1) {
            throw new IllegalArgumentException("loops: " + loops + " (expected: 1 or more)");
        }
    }

    /** One loop for each core of this machine. */
    public static ProxyOptions forThisMachine() {
        return new ProxyOptions(Runtime.getRuntime().availableProcessors());
    }
}
