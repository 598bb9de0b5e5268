package dev.weft.serving.knative;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long revisions are kept that no route refers to (Knative's ConfigMap {@code config-gc}). One that is older than each
 * time that is given goes, unless only {@code leastIdle} are left; above {@code mostIdle} the oldest go whatever their age.
 *
 * @param sinceCreation empty: not asked; no revision is too old only if {@code sinceActive} is empty too
 * @param sinceActive since a route referred to it; empty: not asked, likewise
 * @param mostIdle empty for no limit
 */
record RevisionRetention(
        Optional<Duration> sinceCreation, Optional<Duration> sinceActive, int leastIdle, OptionalInt mostIdle) {

    static final RevisionRetention DEFAULT = new RevisionRetention(
            Optional.of(Duration.ofHours(48)), Optional.of(Duration.ofHours(15)), 20, OptionalInt.of(1000));

    static final Key CONFIGURED_IN = Kinds.CONFIG_MAP.key("knative-serving", "config-gc");

    private static final String DISABLED = "disabled";

    /** Reads what the ConfigMap says; what is left out or is no number is as by default. */
    static RevisionRetention read(Map<String, String> config) {
        return new RevisionRetention(
                time(config, "retain-since-create-time", DEFAULT.sinceCreation()),
                time(config, "retain-since-last-active-time", DEFAULT.sinceActive()),
                count(config, "min-non-active-revisions", OptionalInt.of(DEFAULT.leastIdle()))
                        .orElse(0),
                count(config, "max-non-active-revisions", DEFAULT.mostIdle()));
    }

    /** Whether it may be collected at all: no route refers to it, and nobody asked to keep it. */
    static boolean idle(Resource revision) {
        boolean reserve =
                revision.labels().getOrDefault(Names.ROUTING_STATE_LABEL, "").equals("reserve");
        boolean kept = revision.annotations().getOrDefault(Names.NO_GC, "").equalsIgnoreCase("true");
        return reserve && !kept && !revision.deleting();
    }

    /** Those that go now, the one first that was active longest ago. */
    List<Resource> surplus(List<Resource> idle, Instant now) {
        int least = mostIdle.isPresent() ? Math.min(leastIdle, mostIdle.getAsInt()) : leastIdle;
        if (idle.size() <= least) {
            return List.of();
        }
        List<Resource> oldestFirst = new ArrayList<>(idle);
        oldestFirst.sort(Comparator.comparing(RevisionRetention::active).thenComparing(Resource::name));
        List<Resource> going = new ArrayList<>();
        List<Resource> staying = new ArrayList<>();
        for (Resource revision : oldestFirst) {
            boolean spare = idle.size() - going.size() > least;
            (spare && stale(revision, now) ? going : staying).add(revision);
        }
        int over = mostIdle.isPresent() ? staying.size() - mostIdle.getAsInt() : 0;
        if (over > 0) {
            going.addAll(staying.subList(0, over));
        }
        return going;
    }

    private boolean stale(Resource revision, Instant now) {
        boolean timed = sinceCreation.isPresent() || sinceActive.isPresent();
        return timed && passed(created(revision), sinceCreation, now) && passed(active(revision), sinceActive, now);
    }

    private static boolean passed(Instant since, Optional<Duration> limit, Instant now) {
        return limit.map(now::minus).map(latest -> !since.isAfter(latest)).orElse(true);
    }

    private static Instant active(Resource revision) {
        return instant(revision.annotations().getOrDefault(Names.ROUTING_STATE_MODIFIED, ""))
                .orElse(created(revision));
    }

    private static Instant created(Resource revision) {
        return instant(revision.at("/metadata/creationTimestamp").asString("")).orElse(Instant.MAX);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // somebody wrote it by hand; then it counts as if it were not there
        }
    }

    private static Optional<Duration> time(Map<String, String> config, String name, Optional<Duration> fallback) {
        String text = config.getOrDefault(name, "");
        if (text.equals(DISABLED)) {
            return Optional.empty();
        }
        return Durations.parse(text).or(() -> fallback);
    }

    private static OptionalInt count(Map<String, String> config, String name, OptionalInt fallback) {
        String text = config.getOrDefault(name, "");
        if (text.equals(DISABLED)) {
            return OptionalInt.empty();
        }
        return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : fallback;
    }
}
