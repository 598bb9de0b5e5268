package dev.weft.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.runtime.Eventually;
import dev.weft.runtime.namespace.Namespaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpawnerTests {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"namespace", "group"})
    void nothingIsLeftWhenThePlatformIsKilled(String isolation) throws IOException, InterruptedException {
        require(isolation);
        String word = "weft-" + UUID.randomUUID();
        Process platform = victim(isolation, word);
        try {
            assertThat(platform.getInputStream().read()).isPositive();
            assertThat(running(word)).isNotEmpty();
        } finally {
            platform.destroyForcibly().waitFor();
        }
        awaitNone(word);
    }

    @Test
    void theNextStartEndsWhatWasLeftBehind() throws IOException, InterruptedException {
        String word = "weft-" + UUID.randomUUID();
        Process orphan = new ProcessBuilder("setsid", "sh", "-c", "echo up; sleep 1000; : " + word).start();
        assertThat(orphan.getInputStream().read()).isEqualTo('u'); // from now on it leads a group of its own
        ProcessRecords records = new ProcessRecords(folder);
        records.add(orphan.pid());
        Process innocent = new ProcessBuilder("sleep", "1000").start();
        Files.writeString(folder.resolve(Long.toString(innocent.pid())), "another boot 1");
        try (Spawner next = new Spawner(folder)) {
            assertThat(orphan.waitFor(60, TimeUnit.SECONDS)).isTrue();
            awaitNone(word);
            assertThat(innocent.isAlive()).isTrue();
            assertThat(next.isolation().description()).isNotEmpty();
        } finally {
            innocent.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespace", "group"})
    void sigtermReachesTheProgramAndItsExitCodeComesBack(String kind) throws Exception {
        require(kind);
        try (Spawner spawner = new Spawner(folder, kind.equals("namespace"))) {
            String program = "trap 'kill $!; echo bye; exit 7' TERM; sleep 1000 & echo up; wait";
            RunningProcess process = spawner.start(List.of("sh", "-c", program), ENVIRONMENT, folder, () -> {});
            assertThat(process.output().read()).isEqualTo('u');
            process.terminate();
            assertThat(process.exit().get(60, TimeUnit.SECONDS)).isEqualTo(7);
            assertThat(new String(process.output().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("p\nbye\n");
        }
    }

    /** Neither those that the platform ignores nor those that a shell ignores for what it starts in its background. */
    @ParameterizedTest
    @ValueSource(strings = {"namespace", "group"})
    void aProgramIgnoresNoSignals(String kind) throws Exception {
        require(kind);
        try (Spawner spawner = new Spawner(folder, kind.equals("namespace"))) {
            RunningProcess process =
                    spawner.start(List.of("grep", "SigIgn", "/proc/self/status"), ENVIRONMENT, folder, () -> {});
            String status = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Namespaces.ignoredSignals(status)).isZero();
        }
    }

    @Test
    void aProgramWithoutAHandlerEndsAtSigtermToo() throws Exception {
        try (Spawner spawner = new Spawner(folder)) {
            RunningProcess process =
                    spawner.start(List.of("sh", "-c", "echo up; exec sleep 1000"), ENVIRONMENT, folder, () -> {});
            assertThat(process.output().read()).isEqualTo('u');
            process.terminate();
            assertThat(process.exit().get(60, TimeUnit.SECONDS)).isEqualTo(143);
        }
    }

    @Test
    void killingEndsWhatTheProgramStarted()
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        String word = "weft-" + UUID.randomUUID();
        try (Spawner spawner = new Spawner(folder)) {
            String program = "setsid sh -c 'sleep 1000; : " + word + "' & echo up; wait";
            RunningProcess process = spawner.start(List.of("sh", "-c", program), ENVIRONMENT, folder, () -> {});
            assertThat(process.output().read()).isEqualTo('u');
            process.kill();
            process.exit().get(60, TimeUnit.SECONDS);
            requireKernel(spawner, "a session of its own escapes a process group");
            awaitNone(word);
        }
    }

    /** Whose launcher dies just after it has made its child, before that has asked to die with it, would stay for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"namespace", "group"})
    void nothingIsLeftOfAProgramWhoseLauncherIsKilledWhileItBegins(String kind) throws IOException {
        require(kind);
        String word = "weft-" + UUID.randomUUID();
        Random random = new Random();
        try (Spawner spawner = new Spawner(folder, kind.equals("namespace"))) {
            for (int i = 0; i < 150; i++) {
                RunningProcess process =
                        spawner.start(List.of("sh", "-c", "sleep 1000; : " + word), ENVIRONMENT, folder, () -> {});
                LockSupport.parkNanos(random.nextInt(8_000_000));
                ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
            awaitNone(word);
        }
    }

    @Test
    void anotherWatchdogBeginsWhenTheFirstIsGone() throws Exception {
        String word = "weft-" + UUID.randomUUID();
        List<ProcessHandle> others = ProcessHandle.current().children().toList();
        Spawner spawner = new Spawner(folder, false);
        RunningProcess first =
                spawner.start(List.of("sh", "-c", "echo up; sleep 1000; : " + word), ENVIRONMENT, folder, () -> {});
        assertThat(first.output().read()).isEqualTo('u');
        ProcessHandle watchdog = ProcessHandle.current()
                .children()
                .filter(child -> child.pid() != first.pid() && !others.contains(child))
                .findFirst()
                .orElseThrow();
        watchdog.destroyForcibly();
        watchdog.onExit().get(60, TimeUnit.SECONDS);
        RunningProcess second =
                spawner.start(List.of("sh", "-c", "echo up; sleep 1000; : " + word), ENVIRONMENT, folder, () -> {});
        assertThat(second.output().read()).isEqualTo('u');
        spawner.close();
        awaitNone(word);
    }

    @Test
    void aProgramHasNoCapabilitiesAndCanGainNone() throws IOException {
        try (Spawner spawner = new Spawner(folder)) {
            requireKernel(spawner, "process groups only set no_new_privs");
            List<String> command = List.of("grep", "-E", "CapEff|CapBnd|NoNewPrivs", "/proc/self/status");
            RunningProcess process = spawner.start(command, ENVIRONMENT, folder, () -> {});
            String status = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(status.replaceAll("\\s+", " ").strip())
                    .isEqualTo("CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1");
        }
    }

    @Test
    void nothingStartsAfterItsEndAndNobodyWaits() {
        Spawner spawner = new Spawner(folder);
        spawner.close();

        assertThatThrownBy(() -> spawner.start(List.of("true"), ENVIRONMENT, folder, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the platform is stopping");
    }

    @Test
    void aProgramThatCannotBeWrittenDownDoesNotRun() throws IOException {
        Path records = folder.resolve("records");
        String word = "weft-" + UUID.randomUUID();
        try (Spawner spawner = new Spawner(records)) {
            Files.delete(records);

            assertThatThrownBy(() ->
                            spawner.start(List.of("sh", "-c", "sleep 1000; : " + word), ENVIRONMENT, folder, () -> {}))
                    .isInstanceOf(IOException.class);
            awaitNone(word);
        }
    }

    @Test
    void itsEndIsToldEvenWhenSomebodyFailsToHearIt() throws Exception {
        try (Spawner spawner = new Spawner(folder)) {
            RunningProcess process = spawner.start(List.of("sh", "-c", "exit 3"), ENVIRONMENT, folder, () -> {
                throw new IllegalStateException("on purpose");
            });

            assertThat(process.exit().get(60, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void theSweepLeavesFilesThatAreNotRecords() throws IOException {
        Path note = Files.writeString(folder.resolve("note.txt"), "mine");

        new Spawner(folder).close();

        assertThat(note).exists();
    }

    private static void require(String isolation) {
        if (isolation.equals("namespace") && PidNamespace.probe().isEmpty()) {
            Namespaces.requireOfProcesses(Optional.of("pid namespaces are not allowed"));
        }
    }

    private static void requireKernel(Spawner spawner, String why) {
        Namespaces.requireOfProcesses(spawner.isolation().keptByKernel() ? Optional.empty() : Optional.of(why));
    }

    private Process victim(String isolation, String word) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.toString(),
                        isolation,
                        word)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitNone(String word) {
        Eventually.holds("the end of " + word, () -> running(word).isEmpty());
    }

    /** Command lines of processes that hold the word, but for the victim JVM, which is told it as well. */
    private static List<String> running(String word) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .map(SpawnerTests::commandLine)
                    .filter(line -> line.contains(word) && !line.contains(Victim.class.getName()))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }
}
