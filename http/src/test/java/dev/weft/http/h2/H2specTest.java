package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The conformance tests of summerwind/h2spec 2.2.0, strict ones included, against a session on real sockets. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the program is for Linux on x86-64")
class H2specTest {

    private static final String PROGRAM = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @TempDir
    static Path folder;

    @BeforeAll
    static void unpack() throws Exception {
        Path archive = folder.resolve("h2spec.tar.gz");
        try (InputStream in = H2specTest.class.getResourceAsStream(PROGRAM)) {
            assertThat(in).isNotNull();
            Files.write(archive, in.readAllBytes());
        }
        run(List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()));
    }

    @Test
    void passesAllCasesOnClearText() throws Exception {
        try (AnsweringServer server = new AnsweringServer(Optional.empty())) {
            assertThat(h2spec(server.port(), false)).contains("146 tests, 146 passed, 0 skipped, 0 failed");
        }
    }

    @Test
    void passesAllCasesOnTls() throws Exception {
        try (AnsweringServer server = new AnsweringServer(Optional.of(AnsweringServer.tls()))) {
            assertThat(h2spec(server.port(), true)).contains("146 tests, 146 passed, 0 skipped, 0 failed");
        }
    }

    private static String h2spec(int port, boolean tls) throws Exception {
        List<String> command = new ArrayList<>(List.of(folder.resolve("h2spec").toString(), "-S", "-h", "127.0.0.1"));
        command.addAll(List.of("-p", String.valueOf(port), "--timeout", "30"));
        command.addAll(tls ? List.of("-t", "-k") : List.of());
        return run(command);
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
