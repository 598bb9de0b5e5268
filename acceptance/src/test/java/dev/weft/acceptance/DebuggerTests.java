package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person at work in a pod: on its terminal, and with a debugger. */
@Timeout(180)
class DebuggerTests {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
    private static final Pattern FORWARDED = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+)");

    @TempDir
    private Path folder;

    @AutoClose
    private RunningPlatform platform;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("Turning.java"), """
                class Turning {
                    static int turn;
                    static void step() {
                        turn++;
                    }
                    public static void main(String[] arguments) throws Exception {
                        while (true) {
                            step();
                            Thread.sleep(100);
                        }
                    }
                }
                """);
        String command = JAVA.resolve("java")
                + ", \"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005\", Turning.java";
        platform = SinglePod.platform(folder, "turning", command);
        platform.awaitKubectl("Listening for transport dt_socket", "logs", "turning");
    }

    @Test
    void aTerminalInAPodIsOne() throws IOException {
        Tools.require("python3");
        Path typing = folder.resolve("typing.py");
        try (InputStream bytes = DebuggerTests.class.getResourceAsStream("typing.py")) {
            Files.write(typing, Objects.requireNonNull(bytes).readAllBytes());
        }
        List<String> command = new ArrayList<>(List.of("python3", typing.toString()));
        // What runs in a script's background ignores SIGINT, and its children inherit that.
        String[] shell = {"exec", "-it", "turning", "--", "env", "--default-signal=INT", "sh"};
        command.addAll(platform.kubectlBuilder(shell).command());
        assertThat(WeftCommand.run(folder, 120, command).output())
                .contains("/dev/pts/")
                .contains("\n40 120\n")
                .contains("^Ccaught\n")
                .contains("ended with 7");
    }

    @Test
    void aDebuggerStopsAProgramThroughAForwardedPort() throws IOException {
        Process forward = platform.kubectlBuilder("port-forward", "pod/turning", ":5005")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = forward.inputReader()) {
            Matcher forwarded = FORWARDED.matcher(String.valueOf(said.readLine()));
            assertThat(forwarded.find()).isTrue();
            debug(forwarded.group(1));
        } finally {
            forward.destroy();
        }
    }

    private static void debug(String port) throws IOException {
        Process debugger = new ProcessBuilder(JAVA.resolve("jdb").toString(), "-attach", "localhost:" + port)
                .redirectErrorStream(true)
                .start();
        try (Writer typed = debugger.outputWriter();
                BufferedReader said = debugger.inputReader()) {
            awaitWord(said, "Initializing jdb");
            typed.write("stop in Turning.step\n");
            typed.flush();
            awaitWord(said, "Breakpoint hit");
            typed.write("where\n");
            typed.flush();
            assertThat(awaitWord(said, "[2] Turning.main")).contains("[1] Turning.step");
            typed.write("quit\n");
            typed.flush();
        } finally {
            debugger.destroy();
        }
    }

    /** All that it says until then. */
    private static String awaitWord(BufferedReader said, String word) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            if (line.contains(word)) {
                return all.toString();
            }
        }
        throw new AssertionError("\"" + word + "\" was not said, but: " + all);
    }
}
