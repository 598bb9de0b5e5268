package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.runtime.logs.LogLine;
import dev.weft.runtime.logs.LogQuery;
import dev.weft.runtime.logs.LogReader;
import dev.weft.runtime.namespace.Namespaces;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pods of several containers, in both modes. */
@Timeout(120)
class ContainersTests {

    @TempDir
    private Path folder;

    private Optional<Machine> machine = Optional.empty();

    private Machine machine(String mode) throws IOException {
        if (mode.equals("namespaces")) {
            Namespaces.require();
        }
        Machine started = mode.equals("namespaces") ? Machine.withNetworks(folder) : new Machine(folder);
        machine = Optional.of(started);
        started.image("shell", "sh", "-c");
        return started;
    }

    @AfterEach
    void stop() {
        machine.ifPresent(Machine::close);
    }

    /** A pod; each container is a name, a script and more fields. */
    private Resource pod(String policy, String init, String containers) {
        return machine.orElseThrow().apply(Kinds.POD, """
                {'metadata': {'name': 'one'},
                 'spec': {'terminationGracePeriodSeconds': 2, 'restartPolicy': '%s',
                  'volumes': [{'name': 'd', 'emptyDir': {}}], 'initContainers': [%s], 'containers': [%s]}}
                """.formatted(policy, init, containers));
    }

    private static String container(String name, String script, String more) {
        return "{'name': '%s', 'image': 'shell', 'args': ['%s'], 'volumeMounts': [{'name': 'd', 'mountPath': '/d'}]%s}"
                .formatted(name, script, more);
    }

    private static JsonNode status(Machine on, Resource pod) {
        return on.get(pod.key()).at("/status");
    }

    private static List<String> log(Machine on, String container) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        try (LogReader reader = on.runtime
                .logs()
                .read("default", "one", container, LogQuery.ALL)
                .orElseThrow()) {
            for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines.add(line.get().text());
            }
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void containersShareVolumesAndRunAfterTheInitContainers(String mode) throws Exception {
        Machine on = machine(mode);
        String place = mode.equals("namespaces") ? "/d" : "$VOLUME_D";
        Resource pod = pod(
                "Always",
                container("first", "echo 1 > " + place + "/order", "") + ","
                        + container("second", "echo 2 >> " + place + "/order", ""),
                container("main", "cat " + place + "/order; exec sleep 1000", "") + ","
                        + container("side", "echo beside; exec sleep 1000", ""));
        Machine.await("ready", () -> on.ready().size() == 1);

        Machine.await("both print", () -> {
            try {
                return log(on, "main").equals(List.of("1", "2"))
                        && log(on, "side").equals(List.of("beside"));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(status(on, pod)
                        .at("/initContainerStatuses/1/state/terminated/reason")
                        .asString())
                .isEqualTo("Completed");
        Machine.await(
                "both ready",
                () -> status(on, pod).at("/containerStatuses/1/ready").asBoolean(false));
        assertThat(status(on, pod).path("phase").asString()).isEqualTo("Running");
        try (Execution in = on.runtime.execute("default", "one", "side", List.of("sh", "-c", "hostname"), false)) {
            assertThat(new String(in.output().readAllBytes(), StandardCharsets.UTF_8))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void oneContainersEndStartsItAgainAndLeavesTheOther(String mode) throws IOException {
        Machine on = machine(mode);
        Resource pod = pod(
                "Always",
                "",
                container("main", "exec sleep 1000", "") + "," + container("ends", "sleep 1; exit 4", ""));
        Machine.await(
                "restarts",
                () -> status(on, pod).at("/containerStatuses/1/restartCount").asInt(0) >= 2);
        assertThat(status(on, pod).at("/containerStatuses/0/restartCount").asInt(-1))
                .isZero();
        assertThat(status(on, pod)
                        .at("/containerStatuses/1/lastState/terminated/exitCode")
                        .asInt(0))
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aPodIsOverWhenItsContainersAreAndThenItsSidecarsEnd(String mode) throws IOException {
        Machine on = machine(mode);
        Resource pod = pod(
                "Never",
                container("proxy", "exec sleep 1000", ", 'restartPolicy': 'Always'"),
                container("main", "exit 0", ""));
        Machine.await("over", () -> status(on, pod).path("phase").asString("").equals("Succeeded"));
        Machine.await(
                "the sidecar's end",
                () -> status(on, pod).at("/initContainerStatuses/0/state").has("terminated"));
        assertThat(on.ready()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void anInitContainerThatFailsKeepsTheOthersFromStarting(String mode) throws IOException {
        Machine on = machine(mode);
        Resource pod = pod("Never", container("first", "exit 5", ""), container("main", "exec sleep 1000", ""));
        Machine.await("failed", () -> status(on, pod).path("phase").asString("").equals("Failed"));
        assertThat(status(on, pod)
                        .at("/containerStatuses/0/state/waiting/reason")
                        .asString())
                .isEqualTo("PodInitializing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void whatHoldsMoreMemoryThanItsLimitIsEnded(String mode) throws IOException {
        Machine on = machine(mode);
        Resource pod = pod(
                "Never",
                "",
                container(
                                "hungry",
                                "exec python3 -c \\\"import time; kept = bytearray(200000000); time.sleep(1000)\\\"",
                                ", 'resources': {'limits': {'memory': '64Mi'}}")
                        + ","
                        + container("modest", "exec sleep 5", ", 'resources': {'limits': {'memory': '64Mi'}}"));
        Machine.await(
                "its end",
                () -> status(on, pod).at("/containerStatuses/0/state").has("terminated"));
        JsonNode end = status(on, pod).at("/containerStatuses/0/state/terminated");
        assertThat(end.path("reason").asString("")).isEqualTo("OOMKilled");
        assertThat(end.path("exitCode").asInt()).isEqualTo(137);
        Machine.await(
                "the other's",
                () -> status(on, pod).at("/containerStatuses/1/state").has("terminated"));
        assertThat(status(on, pod)
                        .at("/containerStatuses/1/state/terminated/reason")
                        .asString())
                .isEqualTo("Completed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void memoryThatProcessesShareCountsOnce(String mode) throws IOException {
        Machine on = machine(mode);
        String program = "import mmap, os, time; kept = mmap.mmap(-1, 40000000); kept.write(bytes(40000000));"
                + " [os.fork() or (sum(kept[::4096]), time.sleep(2), os._exit(0)) for _ in range(4)];"
                + " [os.wait() for _ in range(4)]";
        Resource pod = pod(
                "Never",
                "",
                container(
                        "sharing",
                        "exec python3 -c \\\"" + program + "\\\"",
                        ", 'resources': {'limits': {'memory': '120Mi'}}"));
        Machine.await(
                "its end",
                () -> status(on, pod).at("/containerStatuses/0/state").has("terminated"));
        assertThat(status(on, pod).at("/containerStatuses/0/state/terminated").toString())
                .contains("Completed");
    }

    @Test
    void aProgramWhoseLogCannotBeWrittenDoesNotGoOnUnseen() throws IOException {
        Machine on = machine("loopback");
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("logs/default"), "no folder");
        pod("Never", "", container("main", "exec sleep 4242.5", ""));
        Machine.await("the reason", () -> on.waitingReason().equals("RunContainerError"));
        assertThat(on.container(on.pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains("its log cannot be written");
        Machine.await(
                "its end, of which nobody tells",
                () -> ProcessHandle.current()
                        .descendants()
                        .map(each -> each.info().commandLine().orElse(""))
                        .noneMatch(line -> line.contains("4242.5")));
    }
}
