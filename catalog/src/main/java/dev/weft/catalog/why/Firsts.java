package dev.weft.catalog.why;

import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which failures are among the first of their kind in this second: those that are kept for longer when there are many. A kind is
 * a hop with an error's code and a status. Safe from any thread; a lock only for the first of a kind.
 */
final class Firsts {

    /** Codes and statuses are few; whatever says otherwise does not fill the memory. */
    private static final int KINDS_MAX = 256;

    private final int most;
    private final Map<Kind, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final LongAdder beyond = new LongAdder();

    private record Kind(Hop hop, String code, int status) {
        static Kind of(Ended ended) {
            String code = ended.error().map(error -> error.code()).orElse("");
            return new Kind(ended.hop(), code, ended instanceof Outcome outcome ? outcome.status() : 0);
        }
    }

    /**
     * None yet.
     *
     * @param most of a kind in a second
     */
    Firsts(int most) {
        this.most = most;
    }

    boolean isOne(Ended failed) {
        Kind kind = Kind.of(failed);
        AtomicInteger count = seen.get(kind);
        if (count == null && seen.size() < KINDS_MAX) {
            count = seen.computeIfAbsent(kind, any -> new AtomicInteger());
        }
        boolean first = count != null && count.getAndIncrement() < most;
        if (!first) {
            beyond.increment();
        }
        return first;
    }

    /** The next second begins. */
    void tick() {
        seen.clear();
    }

    /** How many were not among the first, ever. */
    long beyond() {
        return beyond.sum();
    }
}
