package dev.weft.proxy.limit;

import java.util.Optional;

/** What one request holds of {@link RequestLimits}. Belongs to the request's loop; given back exactly once. */
public final class Permit {

    private final RequestLimits limits;
    private final Optional<AdaptiveLimit> adaptive;
    private boolean retrying;
    private boolean lasting;
    private boolean released;

    Permit(RequestLimits limits, Optional<AdaptiveLimit> adaptive) {
        this.limits = limits;
        this.adaptive = adaptive;
    }

    /** Whether the request may be tried again; asked for the first time, it takes one of the retries until the end. */
    public boolean mayRetry() {
        retrying = retrying || limits.retry();
        return retrying;
    }

    /**
     * A try of the request was answered, or failed, after this long.
     *
     * @param loop that it was made on
     */
    public void took(int loop, long tookNanos, long nowNanos) {
        adaptive.ifPresent(limit -> limit.sample(loop, tookNanos, limits.passing(), nowNanos));
    }

    /** It is held by a stream from now on: how long that takes says nothing of the endpoint. */
    void lasts() {
        if (!lasting) {
            lasting = true;
            limits.lasts();
        }
    }

    /** The request is over. */
    public void release() {
        if (released) {
            throw new IllegalStateException("a permit was given back twice");
        }
        released = true;
        if (retrying) {
            limits.retried();
        }
        limits.release(lasting);
    }
}
