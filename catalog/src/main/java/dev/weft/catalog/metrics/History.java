package dev.weft.catalog.metrics;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sums at past moments: every {@link #tick} of the last 75 s, one in 10 s of the last 12 minutes. A series that did
 * not change shares its sums with the moment before. Owner of the moments: {@code lock}, never taken when recording.
 */
public final class History {

    private static final long FINE_MILLIS = 75_000;
    private static final long COARSE_STEP_MILLIS = 10_000;

    /** The longest window that can be asked for; beyond it only all of it. */
    public static final Duration LONGEST = Duration.ofMinutes(12);

    private record Moment(long millis, Map<Traffic, Sums> traffic, Map<BackendTraffic, Sums> backends) {}

    private final Clock clock;
    private final Counters<Traffic> traffic;
    private final Counters<BackendTraffic> backends;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Moment> moments = new ArrayDeque<>();
    private final Moment start;

    public History(Clock clock, Counters<Traffic> traffic, Counters<BackendTraffic> backends) {
        this.clock = clock;
        this.traffic = traffic;
        this.backends = backends;
        this.start = new Moment(clock.millis(), Map.of(), Map.of());
        moments.add(start);
    }

    /** Keeps this moment; called about once a second. */
    public void tick() {
        Moment now = now();
        lock.lock();
        try {
            Moment before = moments.getLast();
            moments.add(
                    new Moment(now.millis, shared(before.traffic, now.traffic), shared(before.backends, now.backends)));
            thin(now.millis);
        } finally {
            lock.unlock();
        }
    }

    /** What was added in the last {@code length}, up to now; exact at both ends for what has ended. */
    public Window last(Duration length) {
        Moment now = now();
        return between(before(now.millis - length.toMillis()), now);
    }

    /** Everything since the start. */
    public Window all() {
        return between(start, now());
    }

    private Moment now() {
        return new Moment(clock.millis(), traffic.read(), backends.read());
    }

    /** The newest moment that is not after this time, or the oldest there is. */
    private Moment before(long millis) {
        lock.lock();
        try {
            Iterator<Moment> newestFirst = moments.descendingIterator();
            while (newestFirst.hasNext()) {
                Moment moment = newestFirst.next();
                if (moment.millis <= millis) {
                    return moment;
                }
            }
            return moments.getFirst();
        } finally {
            lock.unlock();
        }
    }

    private void thin(long nowMillis) {
        long kept = Long.MIN_VALUE;
        for (Iterator<Moment> oldestFirst = moments.iterator(); oldestFirst.hasNext(); ) {
            Moment moment = oldestFirst.next();
            if (moment.millis > nowMillis - FINE_MILLIS) {
                return;
            }
            boolean tooOld = moment.millis < nowMillis - LONGEST.toMillis() - COARSE_STEP_MILLIS;
            boolean tooNear = kept != Long.MIN_VALUE && moment.millis < kept + COARSE_STEP_MILLIS;
            if (tooOld || tooNear) {
                oldestFirst.remove();
            } else {
                kept = moment.millis;
            }
        }
    }

    private static Window between(Moment from, Moment to) {
        double seconds = Math.max(0.001, (to.millis - from.millis) / 1000.0);
        return new Window(seconds, added(from.traffic, to.traffic), added(from.backends, to.backends));
    }

    private static <S> Map<S, Sums> added(Map<S, Sums> from, Map<S, Sums> to) {
        Map<S, Sums> added = new HashMap<>();
        to.forEach((series, sums) -> {
            Sums earlier = from.get(series);
            Sums difference = earlier == null ? sums : sums.minus(earlier);
            if (difference.count() > 0) {
                added.put(series, difference);
            }
        });
        return added;
    }

    private static <S> Map<S, Sums> shared(Map<S, Sums> before, Map<S, Sums> now) {
        Map<S, Sums> shared = HashMap.newHashMap(now.size());
        now.forEach((series, sums) -> {
            Sums earlier = before.get(series);
            shared.put(series, earlier != null && sums.same(earlier) ? earlier : sums);
        });
        return shared;
    }
}
