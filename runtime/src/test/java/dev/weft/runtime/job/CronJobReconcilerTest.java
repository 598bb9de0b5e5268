package dev.weft.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.runtime.pod.Events;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** CronJobs by a clock that only the test moves. */
final class CronJobReconcilerTest {

    private static final Key CRON = Kinds.CRON_JOB.key("default", "tick");

    private final MemoryStore store = new MemoryStore();
    private Instant now = Instant.parse("2026-01-01T00:00:30Z");
    private final Events events = new Events(store, () -> now);
    private final CronJobReconciler reconciler = new CronJobReconciler(store, () -> now, events);

    @AfterEach
    void stop() {
        reconciler.close();
        events.close();
    }

    @Test
    void makesAJobWhenItsTimeHasComeAndNotBefore() {
        cron("'schedule': '*/5 * * * *'");
        at("00:04:59");
        assertThat(jobs()).isEmpty();

        at("00:05:00");

        Resource job = jobs().getFirst();
        assertThat(job.name())
                .isEqualTo("tick-" + Instant.parse("2026-01-01T00:05:00Z").getEpochSecond() / 60);
        assertThat(job.at("/metadata/ownerReferences/0/name").asString("")).isEqualTo("tick");
        assertThat(job.labels()).containsEntry("app", "tick");
        assertThat(job.annotations().get("batch.kubernetes.io/cronjob-scheduled-timestamp"))
                .startsWith("2026-01-01T00:05");
        assertThat(cron().at("/status/lastScheduleTime").asString("")).isEqualTo("2026-01-01T00:05:00Z");
        assertThat(cron().at("/status/active/0/name").asString("")).isEqualTo(job.name());
        at("00:05:20");
        assertThat(jobs()).as("one for one time").hasSize(1);
        at("00:10:01");
        assertThat(jobs()).hasSize(2);
    }

    @Test
    void afterALongSleepMakesOneJobForAllThatWasMissed() {
        cron("'schedule': '* * * * *'");

        at("09:30:15");

        assertThat(jobs()).hasSize(1);
        assertThat(cron().at("/status/lastScheduleTime").asString("")).isEqualTo("2026-01-01T09:30:00Z");
    }

    @Test
    void makesNoneThatIsLaterThanItMayBe() {
        cron("'schedule': '0 * * * *', 'startingDeadlineSeconds': 60");
        at("01:02:00");
        assertThat(jobs()).isEmpty();

        at("02:00:59");

        assertThat(jobs()).hasSize(1);
    }

    @Test
    void goesByTheClocksOfItsTimeZone() {
        cron("'schedule': '0 2 * * *', 'timeZone': 'Europe/Berlin'");
        at("00:59:59");
        assertThat(jobs()).isEmpty();
        at("01:00:00");
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void whileSuspendedMakesNone() {
        cron("'schedule': '* * * * *', 'suspend': true");
        at("00:05:00");
        assertThat(jobs()).isEmpty();
        assertThat(cron().at("/status").has("lastScheduleTime")).isFalse();
    }

    @Test
    void whatRunsStillIsJoinedKeptAloneOrReplacedAsItSays() {
        assertThat(namesAfterTwoMinutes("Allow")).hasSize(2);
        assertThat(namesAfterTwoMinutes("Forbid")).hasSize(1);
        List<String> replaced = namesAfterTwoMinutes("Replace");
        assertThat(replaced).hasSize(1);
        assertThat(replaced.getFirst())
                .endsWith(Long.toString(Instant.parse("2026-01-01T00:02:00Z").getEpochSecond() / 60));
    }

    private List<String> namesAfterTwoMinutes(String policy) {
        jobs().forEach(job -> store.delete(job.key()));
        store.delete(CRON);
        now = Instant.parse("2026-01-01T00:00:30Z");
        cron("'schedule': '* * * * *', 'concurrencyPolicy': '" + policy + "'");
        at("00:01:00");
        at("00:02:00");
        return jobs().stream().map(Resource::name).toList();
    }

    @Test
    void keepsAsManyOldJobsAsItSays() {
        cron("'schedule': '* * * * *', 'successfulJobsHistoryLimit': 2, 'failedJobsHistoryLimit': 0");
        for (int minute = 1; minute <= 4; minute++) {
            at("00:0" + minute + ":00");
            end(minute == 2 ? "Failed" : "Complete");
        }
        at("00:04:30");

        assertThat(jobs())
                .hasSize(2)
                .allSatisfy(job -> assertThat(CronStatus.end(job)).isEqualTo("Complete"));
        assertThat(cron().at("/status/active").isMissingNode()).isTrue();
        assertThat(cron().at("/status/lastSuccessfulTime").asString("")).isEqualTo("2026-01-01T00:04:00Z");
    }

    private void cron(String spec) {
        store.create(new Resource(Kinds.CRON_JOB, json("""
                {'metadata': {'name': 'tick', 'namespace': 'default'}, 'spec': {%s, 'jobTemplate': {
                 'metadata': {'labels': {'app': 'tick'}},
                 'spec': {'template': {'spec': {'restartPolicy': 'Never', 'containers': [{'name': 'main', 'image': 'a'}]}}}}}}
                """.formatted(spec))));
    }

    /** The newest Job has ended. */
    private void end(String condition) {
        Resource job = jobs().stream()
                .filter(each -> CronStatus.end(each).isEmpty())
                .findFirst()
                .orElseThrow();
        String success = condition.equals("Complete") ? "'completionTime': '" + now + "', " : "";
        store.updateStatus(
                job.key(),
                json("{'startTime': '%s', %s'conditions': [{'type': '%s', 'status': 'True'}]}"
                        .formatted(now, success, condition)));
    }

    private void at(String time) {
        now = Instant.parse("2026-01-01T" + time + "Z");
        reconciler.reconcile(CRON);
    }

    private Resource cron() {
        return store.get(CRON).orElseThrow();
    }

    private List<Resource> jobs() {
        return store.list(Kinds.JOB);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
