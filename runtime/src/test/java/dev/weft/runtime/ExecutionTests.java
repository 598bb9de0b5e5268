package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.resources.Resource;
import dev.weft.runtime.logs.LogQuery;
import dev.weft.runtime.namespace.Namespaces;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that run beside a pod's program, in both modes. */
@Timeout(120)
class ExecutionTests {

    @TempDir
    private Path folder;

    private Optional<Machine> machine = Optional.empty();

    private Machine machine(String mode) throws IOException {
        if (mode.equals("namespaces")) {
            Namespaces.require();
        }
        Machine started = mode.equals("namespaces") ? Machine.withNetworks(folder) : new Machine(folder);
        machine = Optional.of(started);
        started.image("sleeper", "sh", "-c", "exec sleep 1000");
        return started;
    }

    @AfterEach
    void stop() {
        machine.ifPresent(Machine::close);
    }

    private static Execution execute(Machine machine, boolean terminal, String... command) throws IOException {
        Machine.await("ready", () -> machine.ready().size() == 1);
        Resource pod = machine.pods().getFirst();
        return machine.runtime.execute(pod.namespace(), pod.name(), "main", List.of(command), terminal);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aCommandHasStreamsAnExitCodeAndTheEnvironmentOfTheProgram(String mode) throws Exception {
        Machine on = machine(mode);
        on.deployment("quiet", 1, "sleeper", "'env': [{'name': 'WORD', 'value': 'sesame'}]");
        String script = "echo $WORD; pwd; cat; echo bad >&2; exit 7";
        try (Execution execution = execute(on, false, "sh", "-c", script)) {
            execution.input().write("typed\n".getBytes(StandardCharsets.UTF_8));
            execution.input().close();

            assertThat(text(execution.output()))
                    .isEqualTo("sesame\n" + Path.of("").toAbsolutePath() + "\ntyped\n");
            assertThat(text(execution.errors())).isEqualTo("bad\n");
            assertThat(execution.exit().get(60, TimeUnit.SECONDS)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void theEnvironmentOfAPodReachesItsProgramsAndNothingThatStartsThem(String mode) throws Exception {
        Machine on = machine(mode);
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path mark = folder.resolve("mark");
        for (String tool : List.of("nsenter", "setpriv", "setsid", "unshare", "sh", "env", "true")) {
            Path fake = Files.writeString(tools.resolve(tool), "#!/bin/sh\n: > " + mark + "\n");
            Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        on.image("plain", "/bin/sh", "-c", "/usr/bin/env; exec /bin/sleep 1000");
        on.deployment(
                "quiet",
                1,
                "plain",
                "'env': [{'name': 'PATH', 'value': '" + tools
                        + "'}, {'name': 'LD_PRELOAD', 'value': '/absent/weft.so'}, {'name': 'UID', 'value': '7'},"
                        + " {'name': 'WORD', 'value': 'it\\u0027s  \\\\b \\\"$PATH\\\"\\nü'}]");
        String word = "it's  \\b \"$PATH\"\nü";
        for (boolean terminal : List.of(false, true)) {
            String script = "printf '[%s]\\n' \"$WORD\"";
            try (Execution execution = execute(on, terminal, "/bin/sh", "-c", script)) {
                assertThat(text(execution.output()).replace("\r", "")).contains("[" + word + "]\n");
                // The one warning is the program's own.
                assertThat(text(execution.errors()).lines().filter(line -> line.contains("ld.so")))
                        .hasSize(terminal ? 0 : 1);
                assertThat(execution.exit().get(60, TimeUnit.SECONDS)).isZero();
            }
        }
        Resource pod = on.pods().getFirst();
        Machine.await("its output", () -> log(on, pod).contains("WORD=" + word));
        Machine.await("the warnings of sh, env and sleep", () -> warnings(log(on, pod)) == 3);
        assertThat(mark).doesNotExist();
    }

    private static long warnings(String log) {
        return log.lines().filter(line -> line.contains("ld.so")).count();
    }

    private static String log(Machine machine, Resource pod) {
        try {
            return String.join("\n", machine.log(pod, LogQuery.ALL));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aTerminalHasASizeAnEchoAndSignals(String mode) throws Exception {
        Machine on = machine(mode);
        on.deployment("quiet", 1, "sleeper", "");
        String script = "read -r first; tty | cut -c1-9; stty size; read -r word; echo got $word;"
                + " trap 'echo stopped; exit 3' INT; echo waiting; while :; do sleep 1; done";
        try (Execution execution = execute(on, true, "sh", "-c", script)) {
            execution.resize(132, 43);
            execution.input().write("go\n".getBytes(StandardCharsets.UTF_8));
            execution.input().write("hello\n".getBytes(StandardCharsets.UTF_8));
            StringBuilder seen = new StringBuilder();
            byte[] some = new byte[256];
            while (seen.indexOf("waiting") < 0) {
                int read = execution.output().read(some);
                assertThat(read).as(seen.toString()).isPositive();
                seen.append(new String(some, 0, read, StandardCharsets.UTF_8));
            }
            assertThat(seen.toString()).contains("go\r\n", "/dev/pts/\r\n", "43 132\r\n", "got hello\r\n");

            execution.input().write(3); // Ctrl-C
            assertThat(text(execution.output())).contains("stopped");
            assertThat(execution.exit().get(60, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void closingEndsACommandAndWhatItStarted(String mode) throws Exception {
        Machine on = machine(mode);
        on.deployment("quiet", 1, "sleeper", "");
        for (boolean terminal : List.of(false, true)) {
            Execution execution = execute(on, terminal, "sh", "-c", "echo up; sleep 1000; true");
            assertThat(execution.output().read()).isEqualTo('u');
            execution.close();
            assertThat(execution.exit().get(60, TimeUnit.SECONDS)).isEqualTo(137);
        }
        assertThat(on.ready()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void whatCannotBeStartedSaysSo(String mode) throws Exception {
        Machine on = machine(mode);
        on.deployment("quiet", 1, "sleeper", "");
        try (Execution execution = execute(on, false, "no-such-program")) {
            assertThat(text(execution.errors())).contains("no-such-program");
            assertThat(execution.exit().get(60, TimeUnit.SECONDS)).isEqualTo(127);
        }
        Resource pod = on.pods().getFirst();
        assertThatThrownBy(() -> on.runtime.execute("default", pod.name(), "side", List.of("true"), false))
                .hasMessage("container side is not one of pod " + pod.name());
        assertThatThrownBy(() -> on.runtime.execute("default", "absent", "", List.of("true"), false))
                .hasMessage("pod absent does not run here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aProbeMayBeACommand(String mode, @TempDir Path outside) throws Exception {
        Machine on = machine(mode);
        Path mark = outside.resolve("mark");
        on.deployment(
                "probed",
                1,
                "sleeper",
                "'env': [{'name': 'FOLDER', 'value': '" + outside
                        + "'}], 'readinessProbe': {'exec': {'command': ['sh', '-c', 'test -e $FOLDER/mark || { echo no mark; exit 1; }']}}");
        Machine.await(
                "the reason",
                () -> on.pods().stream()
                        .anyMatch(pod -> on.get(pod.key())
                                .at("/status/conditions")
                                .toString()
                                .contains("no mark")));
        assertThat(on.ready()).isEmpty();
        Files.createFile(mark);
        Machine.await("ready", () -> on.ready().size() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aProbeThatPrintsForEverIsTimedOutAndItsPodCanBeDeleted(String mode) throws IOException {
        Machine on = machine(mode);
        Resource deployment = on.deployment(
                "one", 1, "sleeper", "'readinessProbe': {'exec': {'command': ['yes']}, 'periodSeconds': 1}");
        Machine.await(
                "the reason",
                () -> on.pods().stream()
                        .anyMatch(pod -> on.get(pod.key())
                                .at("/status/conditions")
                                .toString()
                                .contains("yes did not end within 1 s")));
        on.store.delete(deployment.key());
        Machine.await("the end of the pod", () -> on.pods().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aCommandIgnoresNoSignals(String mode) throws IOException {
        Machine on = machine(mode);
        on.deployment("quiet", 1, "sleeper", "");
        for (boolean terminal : List.of(false, true)) {
            try (Execution execution = execute(on, terminal, "grep", "SigIgn", "/proc/self/status")) {
                assertThat(Namespaces.ignoredSignals(text(execution.output()))).isZero();
            }
        }
    }

    /** What it starts has the other end of its output, for as long as the pod lives. */
    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aProbeWhoseCommandLeavesSomethingBehindKeepsNoDescriptors(String mode) throws IOException {
        Machine on = machine(mode);
        String sleep = "sleep " + new Random().nextInt(100_000, 1_000_000); // of this run alone
        on.deployment(
                "one",
                1,
                "sleeper",
                "'readinessProbe': {'exec': {'command': ['sh', '-c', 'exec " + sleep + " & echo said; exit 0']},"
                        + " 'periodSeconds': 1}");
        Machine.await("probes", () -> running(sleep) >= 2);
        long before = descriptors();
        Machine.await("more of them", () -> running(sleep) >= 6);
        Machine.await( // the probes that are running now have theirs
                "no more descriptors of this process, each probe having three pipes", () -> descriptors() < before + 6);
    }

    private static long running(String commandLine) {
        return ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").endsWith(commandLine))
                .count();
    }

    private static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
