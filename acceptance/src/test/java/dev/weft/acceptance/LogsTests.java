package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What kubectl's logs can ask for. */
@Timeout(300)
class LogsTests {

    @TempDir
    private Path folder;

    @AutoClose
    private RunningPlatform platform;

    /** A pod that fails once, and one line of which comes two seconds after the others. */
    @BeforeEach
    void start() throws IOException {
        Path program = Files.writeString(folder.resolve("talk.sh"), """
                if [ ! -e "$1" ]; then touch "$1"; echo failing; exit 1; fi
                echo one; echo two; sleep 2; echo three; exec sleep 600
                """);
        String command = "/bin/sh, %s, %s".formatted(program, folder.resolve("failed"));
        platform = SinglePod.platform(folder, "talker", command);
        platform.awaitKubectl("three", "logs", "talker");
    }

    @Test
    void givesTheLinesThatAreAskedFor() {
        assertThat(logs()).isEqualTo("one\ntwo\nthree\n");
        assertThat(logs("--tail=1")).isEqualTo("three\n");
        assertThat(logs("--previous")).isEqualTo("failing\n");
        assertThat(logs("--since=1h")).isEqualTo("one\ntwo\nthree\n");
        Eventually.holds(
                "nothing that is newer than a second",
                Duration.ofSeconds(60),
                () -> logs("--since=1s").isEmpty(),
                () -> logs("--since=1s"));
        String last = logs("--timestamps", "--tail=1");
        assertThat(last).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z three\n");
        assertThat(logs("--since-time=" + last.substring(0, last.indexOf(' ')))).isEqualTo("three\n");
    }

    @Test
    void endsWithTheBytesThatAreAskedForEvenWhenItFollows() {
        assertThat(logs("--limit-bytes=5")).isEqualTo("one\nt");
        assertThat(logs("--limit-bytes=14", "--follow")).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void knowsTheContainersOfAPod() {
        assertThat(logs("-c", "main", "--tail=1")).isEqualTo("three\n");
        WeftCommand.Result nobody = platform.kubectl("logs", "talker", "-c", "nobody");
        assertThat(nobody.exitCode()).isNotZero();
        assertThat(nobody.output()).contains("nobody");
        WeftCommand.Result raw =
                platform.kubectl("get", "--raw", "/api/v1/namespaces/default/pods/talker/log?container=nobody");
        assertThat(raw.exitCode()).isNotZero();
    }

    private String logs(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "logs";
        arguments[1] = "talker";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return platform.kubectl(arguments).output();
    }
}
