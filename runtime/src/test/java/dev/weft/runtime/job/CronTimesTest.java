package dev.weft.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.batch.CronJob;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class CronTimesTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void whatComesAgainAndAgainIsFoundAfterYearsWithoutAWalk() {
        CronTimes times = CronTimes.of(job("'schedule': '@every 7s'"), Instant.EPOCH, NOON);

        assertThat(times.missed()).contains(NOON.minusSeconds(NOON.getEpochSecond() % 7));
        assertThat(times.next()).contains(NOON.minusSeconds(NOON.getEpochSecond() % 7 - 7));
    }

    @Test
    void whatComesAgainFollowsTheLastTimeHoweverOftenSomebodyLooks() {
        CronJob job = job("'schedule': '@every 60s', 'startingDeadlineSeconds': 10");
        assertThat(CronTimes.of(job, NOON, NOON.plusSeconds(20)).missed()).isEmpty();
        assertThat(CronTimes.of(job, NOON, NOON.plusSeconds(20)).next()).contains(NOON.plusSeconds(60));
        assertThat(CronTimes.of(job, NOON, NOON.plusSeconds(61)).missed()).contains(NOON.plusSeconds(60));
        assertThat(CronTimes.of(job, NOON, NOON.plusSeconds(80)).missed())
                .as("later than it may be")
                .isEmpty();
    }

    @Test
    void whatNobodyHasDatedWasMadeNow() {
        Resource undated = Resource.of(Kinds.CRON_JOB.key("default", "tick"));
        assertThat(CronStatus.of(undated, List.of(), NOON).since()).isEqualTo(NOON);
    }

    private static CronJob job(String spec) {
        String text = """
                {'metadata': {'name': 'tick', 'namespace': 'default'}, 'spec': {%s, 'jobTemplate': {'spec': {'template': {
                 'spec': {'restartPolicy': 'Never', 'containers': [{'name': 'main', 'image': 'a'}]}}}}}}
                """.formatted(spec);
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
        return CronJob.read(new Resource(Kinds.CRON_JOB, json)).value().orElseThrow();
    }
}
