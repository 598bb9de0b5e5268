package dev.weft.catalog.slo;

import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.resources.openslo.Slo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One SLO that is understood, with its counts over time. Owner: the objectives' lock. */
final class Tracked {

    private static final Duration BURN_MIN = Duration.ofMinutes(1);
    private static final Duration BURN_MAX = Duration.ofHours(1);
    private static final int BURN_PARTS = 12;
    private static final int TREND_POINTS = 60;

    private final Slo slo;
    private final Duration window;
    private final Meter meter;
    private final Slots slots;

    /** What is added to the raw counters: the counts of earlier runs, less what was counted before we looked. */
    private final Meter.Reading base;

    private Slots.Slot now;

    /** Begins with the counts of an earlier run, or with none. */
    Tracked(Slo slo, Duration window, Meter meter, List<Slots.Slot> past, Map<Traffic, Sums> sums, long millis) {
        this.slo = slo;
        this.window = window;
        this.meter = meter;
        Meter.Reading raw = meter.read(sums);
        this.base = past.isEmpty()
                ? new Meter.Reading(-raw.good(), -raw.total())
                : new Meter.Reading(past.getLast().good(), past.getLast().total());
        this.now = slot(raw, millis);
        this.slots = new Slots(window, past, now);
    }

    Slo slo() {
        return slo;
    }

    boolean countsOneSide() {
        return meter.countsOneSide();
    }

    List<Slots.Slot> slots() {
        List<Slots.Slot> all = new ArrayList<>(slots.all());
        if (now.total() != all.getLast().total() || now.good() != all.getLast().good()) {
            all.add(now);
        }
        return all;
    }

    boolean read(Map<Traffic, Sums> sums, long millis) {
        now = slot(meter.read(sums), millis);
        return slots.keep(now);
    }

    List<ObjectiveState> states() {
        List<ObjectiveState> states = new ArrayList<>();
        Duration burnWindow = clamp(window.dividedBy(BURN_PARTS));
        for (int i = 0; i < slo.objectives().size(); i++) {
            Slo.Objective objective = slo.objectives().get(i);
            states.add(new ObjectiveState(
                    slo.resource().namespace(),
                    slo.resource().name(),
                    slo.description(),
                    slo.service(),
                    objective.displayName().isEmpty() ? "objective " + (i + 1) : objective.displayName(),
                    window,
                    Instant.ofEpochMilli(Math.max(slots.sinceMillis(), now.millis() - window.toMillis())),
                    budget(objective, now, window),
                    burnWindow,
                    budget(objective, now, burnWindow),
                    trend(objective)));
        }
        return states;
    }

    private List<Optional<Double>> trend(Slo.Objective objective) {
        List<Optional<Double>> trend = new ArrayList<>();
        for (int i = TREND_POINTS - 1; i > 0; i--) {
            long millis = now.millis() - window.toMillis() * i / TREND_POINTS;
            Slots.Slot then = slots.at(millis);
            boolean known = then.millis() <= millis;
            Slots.Slot end = new Slots.Slot(millis, then.good(), then.total());
            trend.add(known ? budget(objective, end, window).remainingShare() : Optional.empty());
        }
        trend.add(budget(objective, now, window).remainingShare());
        return trend;
    }

    private Budget budget(Slo.Objective objective, Slots.Slot end, Duration length) {
        Meter.Reading reading = slots.last(length, end);
        return Budget.of(objective.target(), reading.total(), reading.total() - reading.good());
    }

    private Slots.Slot slot(Meter.Reading raw, long millis) {
        return new Slots.Slot(millis, base.good() + raw.good(), base.total() + raw.total());
    }

    private static Duration clamp(Duration duration) {
        if (duration.compareTo(BURN_MIN) < 0) {
            return BURN_MIN;
        }
        return duration.compareTo(BURN_MAX) > 0 ? BURN_MAX : duration;
    }
}
