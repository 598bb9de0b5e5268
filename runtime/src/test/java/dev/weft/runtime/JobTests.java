package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTests {

    private static final Key WORK = Kinds.JOB.key("default", "work");

    @TempDir
    private Path folder;

    private Machine machine;

    @BeforeEach
    void start() {
        machine = new Machine(folder);
        machine.image("done", "sh", "-c", "echo done");
        machine.image("failing", "sh", "-c", "exit 3");
        machine.image("sleeper", "sh", "-c", "exec sleep 1000");
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void runsUntilEnoughHaveSucceededAndKeepsTheirPods() {
        job("'completions': 3, 'parallelism': 2", "done");
        awaitCondition("Complete");
        assertThat(work().at("/status/succeeded").asInt(0)).isEqualTo(3);
        assertThat(work().at("/status").has("completionTime")).isTrue();
        assertThat(machine.pods())
                .hasSize(3)
                .allSatisfy(
                        pod -> assertThat(pod.at("/status/phase").asString("")).isEqualTo("Succeeded"));
    }

    @Test
    void givesUpWhenMoreThanItsLimitHaveFailed() {
        job("'backoffLimit': 1", "failing");
        awaitCondition("Failed");
        assertThat(work().at("/status/conditions/0/reason").asString("")).isEqualTo("BackoffLimitExceeded");
        assertThat(work().at("/status/failed").asInt(0)).isEqualTo(2);
    }

    @Test
    void givesEachCompletionANumberOfItsOwn() {
        Path tried = folder.resolve("tried");
        machine.image(
                "numbered",
                "sh",
                "-c",
                "[ $JOB_COMPLETION_INDEX -ne 1 ] || [ -e %s ] || { touch %s; exit 3; }".formatted(tried, tried));
        job("'completions': 3, 'parallelism': 2, 'completionMode': 'Indexed'", "numbered");
        awaitCondition("Complete");
        assertThat(work().at("/status/completedIndexes").asString("")).isEqualTo("0-2");
        assertThat(machine.pods())
                .filteredOn(pod -> pod.name().startsWith("work-1-"))
                .hasSizeGreaterThan(1);
    }

    @Test
    void endsAtItsDeadlineAndIsForgottenAfterItsTime() {
        job("'activeDeadlineSeconds': 1, 'ttlSecondsAfterFinished': 1", "sleeper");
        Machine.await("gone", () -> machine.store.get(WORK).isEmpty());
        Machine.await("its pods too", () -> machine.pods().isEmpty());
    }

    @Test
    void asSuspendedItHasNoPods() {
        job("'suspend': true", "sleeper");
        awaitCondition("Suspended");
        assertThat(machine.pods()).isEmpty();
        job("'suspend': false", "sleeper");
        Machine.await("active", () -> work().at("/status/active").asInt(0) == 1);
        job("'suspend': true", "sleeper");
        Machine.await("no pods", () -> machine.pods().isEmpty());
    }

    private void job(String spec, String image) {
        machine.apply(Kinds.JOB, """
                {'metadata': {'name': 'work'}, 'spec': {%s, 'template': {'spec': {'restartPolicy': 'Never',
                 'terminationGracePeriodSeconds': 1, 'containers': [{'name': 'main', 'image': '%s'}]}}}}
                """.formatted(spec, image));
    }

    private Resource work() {
        return machine.get(WORK);
    }

    private void awaitCondition(String type) {
        Machine.await(type, () -> work().at("/status/conditions").toString().contains("\"" + type + "\""));
    }
}
