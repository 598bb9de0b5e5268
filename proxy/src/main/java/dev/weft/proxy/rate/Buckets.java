package dev.weft.proxy.rate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket for each caller, or each value of a header; at most {@value #MAX}. When that many are in use, those that are
 * full are forgotten, once a second at most; callers that still find no room share one bucket. Nobody gets more that way,
 * and memory has a bound whatever callers send.
 *
 * <p>Any thread. A known key takes no lock; a new one is entered under the map's own, which holds for no I/O.
 */
final class Buckets {

    static final int MAX = 10_000;

    /** Longer keys share the bucket of their first characters, so that the bound is one of bytes too. */
    private static final int KEY_LENGTH_MAX = 128;

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Bucket> known = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong nextSweep = new AtomicLong();
    private final Rate rate;
    private final Bucket overflow;

    Buckets(Rate rate) {
        this.rate = rate;
        this.overflow = new Bucket(rate);
    }

    /** The bucket of this key; it may have been forgotten when it is used, then ask again. */
    Bucket of(String key, long now) {
        String bounded = key.length() > KEY_LENGTH_MAX ? key.substring(0, KEY_LENGTH_MAX) : key;
        Bucket found = known.get(bounded);
        if (found != null) {
            return found;
        }
        if (count.incrementAndGet() > MAX) {
            count.decrementAndGet();
            sweep(now);
            return overflow;
        }
        Bucket made = new Bucket(rate);
        Bucket other = known.putIfAbsent(bounded, made);
        if (other != null) {
            count.decrementAndGet();
            return other;
        }
        return made;
    }

    private void sweep(long now) {
        long due = nextSweep.get();
        if (now < due || !nextSweep.compareAndSet(due, now + SWEEP_NANOS)) {
            return;
        }
        known.forEach((key, bucket) -> {
            if (bucket.forget(now) && known.remove(key, bucket)) {
                count.decrementAndGet();
            }
        });
    }

    int count() {
        return count.get();
    }
}
