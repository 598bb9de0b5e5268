package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One endpoint as one loop sees it: how long it took to answer lately, and how many requests it has from this loop.
 * Belongs to that loop. A request calls {@link #begin} once, {@link #answered} or {@link #failed} at most once, {@link
 * #end} once.
 *
 * <p>The latency is a moving average that jumps up at once and comes down slowly (peak-EWMA, as in Finagle and Linkerd);
 * without news it sinks, so that an endpoint that was slow once is tried again.
 */
public final class EndpointLoad {

    private static final double DECAY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What a failed try counts as: a process that refuses fast must not look fast. */
    private static final double FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** An endpoint that has a request and never answered one is not given a second one lightly. */
    private static final double UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Endpoint endpoint;
    private final Optional<EndpointLoad> chosen = Optional.of(this);
    private double latencyNanos;
    private boolean known;
    private long updatedNanos;
    private int pending;

    EndpointLoad(Endpoint endpoint, long nowNanos) {
        this.endpoint = endpoint;
        this.updatedNanos = nowNanos;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Requests that this loop has there now. */
    public int pending() {
        return pending;
    }

    /** A try starts. */
    public void begin() {
        pending++;
    }

    /** The head of the answer has arrived, so long after the try started. */
    public void answered(long nowNanos, long tookNanos) {
        observe(nowNanos, (double) tookNanos);
        known = true;
    }

    /** The try failed before an answer. */
    public void failed(long nowNanos) {
        observe(nowNanos, FAILURE_NANOS);
        known = true;
    }

    /** The try is over, whichever way. */
    public void end() {
        pending--;
    }

    /** Made once, so that a choice makes nothing. */
    Optional<EndpointLoad> chosen() {
        return chosen;
    }

    double load(long nowNanos) {
        if (!known) {
            return pending == 0 ? 0 : UNKNOWN_NANOS * pending;
        }
        observe(nowNanos, 0);
        return latencyNanos * (pending + 1);
    }

    private void observe(long nowNanos, double sampleNanos) {
        if (sampleNanos >= latencyNanos) {
            latencyNanos = sampleNanos;
        } else {
            double kept = Math.exp((updatedNanos - nowNanos) / DECAY_NANOS);
            latencyNanos = latencyNanos * kept + sampleNanos * (1 - kept);
        }
        updatedNanos = nowNanos;
    }
}
