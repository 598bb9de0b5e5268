package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
    private static final long FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** An endpoint that has a request and never answered one is not given a second one lightly. */
    private static final double UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int RATE_LIMITED = 429;
    private static final int FAILURE = 500;

    /** What an endpoint gets when it has just joined. */
    private static final double SHARE_AT_START = 0.1;

    private final Balancer balancer;
    private final Endpoint endpoint;
    private final Optional<EndpointLoad> chosen = Optional.of(this);
    private double latencyNanos;
    private boolean known;
    private long updatedNanos;
    private int pending;
    private final long joinedNanos;
    private final boolean late;
    private @Nullable EndpointHealth health;
    private long rateLimitedNanos;

    /** @param balancer of which it is a part
     * @param late whether it joined others that were there already */
    EndpointLoad(Balancer balancer, Endpoint endpoint, long nowNanos, boolean late) {
        this.balancer = balancer;
        this.endpoint = endpoint;
        this.updatedNanos = nowNanos;
        this.joinedNanos = nowNanos;
        this.late = late;
    }

    /**
     * Follows a new snapshot.
     *
     * @param shared what all loops know of it; null where it is never taken out
     * @param rateLimited the latency that an answer of 429 counts as; 0 to count what it took
     */
    void configure(@Nullable EndpointHealth shared, long rateLimited) {
        health = shared;
        rateLimitedNanos = rateLimited;
    }

    /** Null where it is never taken out. */
    @Nullable
    EndpointHealth health() {
        return health;
    }

    /** Whether it takes requests as others do. */
    boolean in() {
        return health == null || health.in();
    }

    /** The share of the requests that it should get, compared with the others: 0.1 to 1. */
    double readiness(long slowStartNanos, long nowNanos) {
        if (!late || slowStartNanos == 0) {
            return 1;
        }
        return Math.clamp((nowNanos - joinedNanos) / (double) slowStartNanos, SHARE_AT_START, 1);
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

    /**
     * The head of the answer has arrived.
     *
     * @param tookNanos since the try started
     * @param status the HTTP status
     */
    public void measured(long nowNanos, long tookNanos, int status) {
        observe(nowNanos, status == RATE_LIMITED ? Math.max(tookNanos, rateLimitedNanos) : tookNanos);
        known = true;
    }

    /**
     * It is known how the try went, which a gRPC answer says at its end.
     *
     * @param tookNanos since the try started
     * @param status the HTTP status; for gRPC the one that its own status corresponds to
     */
    public void judged(long nowNanos, long tookNanos, int status) {
        if (status >= FAILURE) {
            judge(EndpointHealth.Result.FAILED, nowNanos, tookNanos);
        } else {
            judge(
                    status == RATE_LIMITED ? EndpointHealth.Result.LIMITED : EndpointHealth.Result.GOOD,
                    nowNanos,
                    tookNanos);
        }
    }

    /** Both at once, for an answer without a body. */
    public void answered(long nowNanos, long tookNanos, int status) {
        measured(nowNanos, tookNanos, status);
        judged(nowNanos, tookNanos, status);
    }

    /** The try failed before an answer, through the endpoint's fault. */
    public void failed(long nowNanos, long tookNanos) {
        observe(nowNanos, Math.max(tookNanos, FAILURE_NANOS));
        known = true;
        judge(EndpointHealth.Result.FAILED, nowNanos, tookNanos);
    }

    /** The caller went away after this long; the endpoint would have taken longer still. */
    public void abandoned(long nowNanos, long tookNanos) {
        if ((double) tookNanos > latencyNanos) {
            observe(nowNanos, tookNanos);
            known = true;
        }
        if (health != null) {
            health.notTried(nowNanos - tookNanos);
        }
    }

    private void judge(EndpointHealth.Result result, long nowNanos, long tookNanos) {
        if (health != null) {
            health.ended(result, balancer.loop(), nowNanos - tookNanos, nowNanos, balancer.random());
        }
    }

    /** The try is over, whichever way. */
    public void end() {
        pending--;
    }

    /** Made once, so that a choice makes nothing. */
    Optional<EndpointLoad> chosen() {
        return chosen;
    }

    /** As of the last comparison; negative while nothing was measured. */
    public double latencyNanos() {
        return known ? latencyNanos : -1;
    }

    double load(long nowNanos) {
        if (!known) {
            return pending == 0 ? 0 : UNKNOWN_NANOS * pending;
        }
        observe(nowNanos, 0);
        return latencyNanos * (pending + 1);
    }

    private void observe(long nowNanos, long tookNanos) {
        double sampleNanos = (double) tookNanos;
        if (sampleNanos >= latencyNanos) {
            latencyNanos = sampleNanos;
        } else {
            double kept = Math.exp((updatedNanos - nowNanos) / DECAY_NANOS);
            latencyNanos = latencyNanos * kept + sampleNanos * (1 - kept);
        }
        updatedNanos = nowNanos;
    }
}
