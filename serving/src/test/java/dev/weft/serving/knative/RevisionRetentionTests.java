package dev.weft.serving.knative;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which revisions are collected (Knative's config-gc); the vectors are Knative's. */
final class RevisionRetentionTests {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Duration OLD = Duration.ofDays(3);
    private static final Duration NEW = Duration.ofHours(1);

    @Test
    void keepsTwentyOfThoseThatAreStale() {
        assertThat(names(RevisionRetention.DEFAULT, idle(25, OLD, OLD)))
                .containsExactly("r-000", "r-001", "r-002", "r-003", "r-004");
    }

    @Test
    void keepsThoseThatAreYoung() {
        List<Resource> idle = new ArrayList<>(idle(23, NEW, NEW));
        idle.add(revision("old-a", OLD, OLD));
        idle.add(revision("old-b", OLD, OLD));

        assertThat(names(RevisionRetention.DEFAULT, idle)).containsExactly("old-a", "old-b");
    }

    @Test
    void needsBothTimesToHavePassed() {
        assertThat(names(RevisionRetention.DEFAULT, idle(25, OLD, NEW))).isEmpty();
    }

    @Test
    void deletesAllWhenNoneIsWantedAndNoTimeIsGiven() {
        RevisionRetention none = RevisionRetention.read(Map.of(
                "retain-since-create-time", "disabled",
                "retain-since-last-active-time", "disabled",
                "min-non-active-revisions", "0",
                "max-non-active-revisions", "0"));

        assertThat(names(none, idle(7, NEW, NEW))).hasSize(7);
    }

    @Test
    void deletesTheOldestAboveTheMost() {
        RevisionRetention few =
                RevisionRetention.read(Map.of("min-non-active-revisions", "1", "max-non-active-revisions", "3"));

        assertThat(names(few, idle(5, NEW, NEW))).containsExactly("r-000", "r-001");
    }

    @Test
    void keepsEveryRevisionWhenBothTimesAndTheMostAreDisabled() {
        RevisionRetention all = RevisionRetention.read(Map.of(
                "retain-since-create-time", "disabled",
                "retain-since-last-active-time", "disabled",
                "max-non-active-revisions", "disabled"));

        assertThat(names(all, idle(2_000, OLD, OLD))).isEmpty();
    }

    @Test
    void asksTheOtherTimeAloneWhenOneIsDisabled() {
        RevisionRetention byActivity = RevisionRetention.read(
                Map.of("retain-since-create-time", "disabled", "max-non-active-revisions", "disabled"));
        RevisionRetention byAge = RevisionRetention.read(
                Map.of("retain-since-last-active-time", "disabled", "max-non-active-revisions", "disabled"));

        assertThat(names(byActivity, idle(25, NEW, OLD))).hasSize(5);
        assertThat(names(byActivity, idle(25, OLD, NEW))).isEmpty();
        assertThat(names(byAge, idle(25, OLD, NEW))).hasSize(5);
        assertThat(names(byAge, idle(25, NEW, OLD))).isEmpty();
    }

    @Test
    void neverTouchesWhatARouteRefersToOrSomebodyPinned() {
        Resource active = revision("active", OLD, OLD);
        active.json().withObject("/metadata/labels").put(Names.ROUTING_STATE_LABEL, "active");
        Resource pending = revision("pending", OLD, OLD);
        pending.json().withObject("/metadata/labels").put(Names.ROUTING_STATE_LABEL, "pending");
        Resource pinned = revision("pinned", OLD, OLD);
        pinned.json().withObject("/metadata/annotations").put(Names.NO_GC, "true");

        assertThat(List.of(active, pending, pinned)).noneMatch(RevisionRetention::idle);
        assertThat(RevisionRetention.idle(revision("idle", OLD, OLD))).isTrue();
    }

    private static List<String> names(RevisionRetention retention, List<Resource> idle) {
        return retention.surplus(idle, NOW).stream().map(Resource::name).toList();
    }

    private static List<Resource> idle(int count, Duration created, Duration active) {
        List<Resource> idle = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            idle.add(revision("r-%03d".formatted(i), created, active.minusSeconds(i)));
        }
        return idle;
    }

    private static Resource revision(String name, Duration createdAgo, Duration activeAgo) {
        Resource revision = Resource.of(Kinds.REVISION.key("default", name));
        revision.json()
                .withObject("/metadata")
                .put("creationTimestamp", NOW.minus(createdAgo).toString());
        revision.json().withObject("/metadata/labels").put(Names.ROUTING_STATE_LABEL, "reserve");
        revision.json()
                .withObject("/metadata/annotations")
                .put(Names.ROUTING_STATE_MODIFIED, NOW.minus(activeAgo).toString());
        return revision;
    }
}
