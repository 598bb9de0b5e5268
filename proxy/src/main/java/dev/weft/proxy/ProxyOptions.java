package dev.weft.proxy;

/**
 * How a proxy runs.
 *
 * @param loops event loops, at least 1; one for each core
 */
public record ProxyOptions(int loops) {

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
