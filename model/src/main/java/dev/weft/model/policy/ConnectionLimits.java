package dev.weft.model.policy;

/**
 * How much may be under way at once, counted across all loops of a proxy. Each may be {@link #UNLIMITED}.
 *
 * @param connectionsMax requests that hold a connection; more wait
 * @param pendingMax requests that wait for a connection; more are refused
 * @param requestsMax requests under way, those that wait included; more are refused
 * @param retriesMax requests that are being tried again; more are not tried again
 */
public record ConnectionLimits(int connectionsMax, int pendingMax, int requestsMax, int retriesMax) {

    public static final int UNLIMITED = Integer.MAX_VALUE;

    public static final ConnectionLimits NONE = new ConnectionLimits(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);

    /** What holds for the fields that Emissary's {@code circuit_breakers} leaves out. */
    public static final ConnectionLimits EMISSARY = new ConnectionLimits(1024, 1024, 1024, 3);
}
