package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code weft demo faas}, interrupted in the middle, leaves nothing: no process, no folder. */
final class InterruptionTests {

    @TempDir
    private Path folder;

    /** As a terminal's Ctrl-C and as {@code kill} do; the exit codes are the shell's 128 + signal. */
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void leavesNoProcessAndNoFolder(String signal, int exitCode) throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path log = folder.resolve("demo.log");
        ProcessBuilder builder =
                WeftCommand.builder(folder, command()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("WEFT_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        Process demonstration = builder.start();
        try {
            Eventually.holds(
                    "the third statement",
                    Duration.ofMinutes(3),
                    () -> {
                        assertThat(demonstration.isAlive())
                                .as(Files.readString(log))
                                .isTrue();
                        return Files.readString(log).contains("\n 3 ok");
                    },
                    () -> Files.readString(log));
            List<ProcessHandle> started = demonstration.descendants().toList();
            assertThat(started).hasSizeGreaterThan(3);
            assertThat(children(temporary)).anyMatch(path -> path.startsWith("weft-demo-"));

            new ProcessBuilder("kill", "-s", signal, Long.toString(demonstration.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();

            assertThat(demonstration.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(demonstration.exitValue()).isEqualTo(exitCode);
            RunningPlatform.awaitGone(started);
            assertThat(children(temporary)).noneMatch(path -> path.startsWith("weft-demo-"));
            assertThat(Files.readString(log)).doesNotContain("FAIL", "NOT HELD", "Exception");
        } finally {
            demonstration.descendants().forEach(ProcessHandle::destroyForcibly);
            demonstration.destroyForcibly();
        }
    }

    /** What runs in a script's background ignores SIGINT, and its children inherit that, the tests among them. */
    private static List<String> command() {
        List<String> command = new ArrayList<>();
        if (Files.exists(Path.of("/proc/self/status"))) {
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(WeftCommand.command("demo", "faas"));
        return command;
    }

    private static List<String> children(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
