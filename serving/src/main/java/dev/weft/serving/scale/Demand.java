package dev.weft.serving.scale;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * Requests in flight at one revision and their exact integral over time. Written on event loops, several at once,
 * without a lock: one compare-and-set word holds the whole state, so that a reader always sees a sum that fits its time.
 */
final class Demand {

    /**
     * @param inFlight started and not ended
     * @param integral of {@code inFlight} over time, in request-nanoseconds, up to {@code atNanos}
     */
    private record Level(long inFlight, long integral, long started, long atNanos) {

        Level at(long now) {
            long elapsed = Math.max(0, now - atNanos);
            return new Level(inFlight, integral + inFlight * elapsed, started, atNanos + elapsed);
        }
    }

    /**
     * What happened between two samples.
     *
     * @param concurrency time-weighted average of requests in flight
     * @param perSecond requests started per second
     */
    record Sample(double concurrency, double perSecond) {}

    private static final AtomicReferenceFieldUpdater<Demand, Level> LEVEL =
            AtomicReferenceFieldUpdater.newUpdater(Demand.class, Level.class, "level");

    private volatile Level level;

    Demand(long nowNanos) {
        level = new Level(0, 0, 0, nowNanos);
    }

    void started(long nowNanos) {
        LEVEL.updateAndGet(this, old -> {
            Level now = old.at(nowNanos);
            return new Level(now.inFlight() + 1, now.integral(), now.started() + 1, now.atNanos());
        });
    }

    /** An end without its start (the revision became known in between) counts for nothing. */
    void ended(long nowNanos) {
        LEVEL.updateAndGet(this, old -> {
            Level now = old.at(nowNanos);
            return new Level(Math.max(0, now.inFlight() - 1), now.integral(), now.started(), now.atNanos());
        });
    }

    long inFlight() {
        return level.inFlight();
    }

    /** Remembers where the last sample ended; one thread samples. */
    final class Sampler {

        private Level last = level;

        Sample sample(long nowNanos) {
            Level now = level.at(nowNanos);
            long elapsed = now.atNanos() - last.atNanos();
            Sample sample = elapsed <= 0
                    ? new Sample(now.inFlight(), 0)
                    : new Sample(
                            (double) (now.integral() - last.integral()) / elapsed,
                            (now.started() - last.started()) * 1e9 / elapsed);
            last = now;
            return sample;
        }
    }
}
