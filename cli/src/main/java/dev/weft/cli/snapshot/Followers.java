package dev.weft.cli.snapshot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Who follows the snapshots elsewhere, and how far they are: a pod that left the endpoints may still be sent to by whoever
 * has not heard of it. Safe from any thread; the monitor guards what is known of leaving pods.
 */
final class Followers {

    /** A follower that says nothing for so long holds no pod up. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int LEAVING_MAX = 1_000;

    private record Leaving(long version, long sinceNanos) {}

    private final LongSupplier version;
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Leaving> leaving = new LinkedHashMap<>();

    /** @param version of the newest snapshot */
    Followers(LongSupplier version) {
        this.version = version;
    }

    /** It has the newest snapshot coming. */
    void came(String follower) {
        acknowledged.put(follower, 0L);
    }

    void left(String follower) {
        acknowledged.remove(follower);
    }

    /** The snapshot of this version is in effect there. */
    void acknowledge(String follower, long inEffect) {
        acknowledged.computeIfPresent(follower, (_, before) -> Math.max(before, inEffect));
    }

    /** How many may still send to this pod, which had left the endpoints when this was first asked of it. */
    int behind(String pod) {
        if (acknowledged.isEmpty()) {
            return 0;
        }
        long now = System.nanoTime();
        Leaving known = leaving(pod, now);
        if (now - known.sinceNanos > PATIENCE_NANOS) {
            return 0;
        }
        return (int) acknowledged.values().stream()
                .filter(inEffect -> inEffect < known.version)
                .count();
    }

    private synchronized Leaving leaving(String pod, long now) {
        if (leaving.size() >= LEAVING_MAX) {
            leaving.remove(leaving.keySet().iterator().next());
        }
        return leaving.computeIfAbsent(pod, _ -> new Leaving(version.getAsLong(), now));
    }
}
