package dev.weft.proxy.rate;

import dev.weft.model.policy.RateLimit;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One {@link RateLimit}, with its buckets; exact across all loops, in this process. The caller's own rate is asked before
 * the total, and given back when the total refuses: so a refused request costs neither, and a caller who asks too often
 * takes nothing from the others (in Linkerd's proxy he takes from the total).
 */
public final class RateLimiter {

    private final RateLimit limit;
    private final long origin;
    private final Optional<Bucket> total;
    private final Optional<Buckets> callers;
    private final List<Special> specials;
    private final Optional<Buckets> values;
    private final Map<String, Bucket> valueOverrides = new HashMap<>();

    /** An override: its callers share one bucket; none where they may call as they like. */
    private record Special(RateLimit.CallerRate rate, Optional<Bucket> bucket) {}

    /** What came of one request; {@code waitNanos} is 0 when it may pass. */
    public record Decision(long waitNanos, String rate) {

        private static final Decision PASS = new Decision(0, "");

        public boolean passes() {
            return waitNanos == 0;
        }

        /** Whole seconds until the next request can pass, at least 1. */
        public long retryAfterSeconds() {
            return Math.max(1, (waitNanos + 999_999_999) / 1_000_000_000);
        }
    }

    /**
     * A limiter whose buckets are full.
     *
     * @param nowNanos on the clock that {@link #decide} is given
     */
    public RateLimiter(RateLimit limit, long nowNanos) {
        this.limit = limit;
        this.origin = nowNanos;
        this.total = bucket(limit.total());
        this.callers = buckets(limit.perCaller());
        this.specials = limit.overrides().stream()
                .map(rate -> new Special(rate, bucket(rate.requestsPerSecond())))
                .toList();
        this.values = limit.perHeader().flatMap(header -> buckets(header.requestsPerSecond()));
        limit.perHeader()
                .ifPresent(header -> header.overrides()
                        .forEach((value, rate) -> bucket(rate).ifPresent(own -> valueOverrides.put(value, own))));
    }

    public RateLimit limit() {
        return limit;
    }

    /**
     * Takes one request's worth, or says how long to wait.
     *
     * @param identity as the caller proved it
     * @param address numeric, for callers without an identity
     * @param header the request's value of a header, if it has one
     */
    public Decision decide(
            Optional<WorkloadIdentity> identity,
            String address,
            Function<String, Optional<String>> header,
            long nowNanos) {
        long now = nowNanos - origin;
        Taken own = take(ofCaller(identity, address, now), now);
        if (own.waiting > 0) {
            return new Decision(own.waiting, "the caller's own rate");
        }
        Optional<String> value = limit.perHeader().flatMap(each -> header.apply(each.name()));
        Taken valued = value.isPresent() ? take(ofValue(value.get(), now), now) : Taken.NOTHING;
        if (valued.waiting > 0) {
            own.giveBack();
            return new Decision(
                    valued.waiting,
                    "the rate of one value of "
                            + limit.perHeader().orElseThrow().name());
        }
        long wait = total.isPresent() ? total.get().take(now) : Bucket.TAKEN;
        if (wait > 0) {
            own.giveBack();
            valued.giveBack();
            return new Decision(wait, "the total rate");
        }
        return Decision.PASS;
    }

    /** How to find a bucket again, should it have been forgotten meanwhile. */
    private interface Finding {
        Optional<Bucket> find();
    }

    private record Taken(Optional<Bucket> from, long waiting) {
        static final Taken NOTHING = new Taken(Optional.empty(), 0);

        void giveBack() {
            from.ifPresent(Bucket::giveBack);
        }
    }

    private static Taken take(Finding finding, long now) {
        while (true) {
            Optional<Bucket> bucket = finding.find();
            if (bucket.isEmpty()) {
                return Taken.NOTHING;
            }
            long wait = bucket.get().take(now);
            if (wait == Bucket.TAKEN) {
                return new Taken(bucket, 0);
            }
            if (wait > 0) {
                return new Taken(Optional.empty(), wait);
            }
        }
    }

    private Finding ofCaller(Optional<WorkloadIdentity> identity, String address, long now) {
        if (identity.isPresent()) {
            for (Special special : specials) {
                if (special.rate.callers().contains(identity.get())) {
                    return special::bucket;
                }
            }
        }
        return () ->
                callers.map(each -> each.of(identity.map(WorkloadIdentity::uri).orElse(address), now));
    }

    private Finding ofValue(String value, long now) {
        boolean special = limit.perHeader()
                .filter(header -> header.overrides().containsKey(value))
                .isPresent();
        if (special) {
            return () -> Optional.ofNullable(valueOverrides.get(value));
        }
        return () -> values.map(each -> each.of(value, now));
    }

    private static Optional<Bucket> bucket(int requestsPerSecond) {
        return requestsPerSecond == 0 ? Optional.empty() : Optional.of(new Bucket(Rate.perSecond(requestsPerSecond)));
    }

    private static Optional<Buckets> buckets(int requestsPerSecond) {
        return requestsPerSecond == 0 ? Optional.empty() : Optional.of(new Buckets(Rate.perSecond(requestsPerSecond)));
    }
}
