package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The conformance tests of summerwind/h2spec 2.2.0, strict ones included, against the edge with a server behind it. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the program is for Linux on x86-64")
class H2specTest {

    private static final String PROGRAM = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @TempDir
    Path folder;

    private final Stage stage = new Stage();
    private final int clear = Ports.free();
    private final int secured = Ports.free();

    @BeforeEach
    void open() throws Exception {
        Path archive = folder.resolve("h2spec.tar.gz");
        try (InputStream in = H2specTest.class.getResourceAsStream(PROGRAM)) {
            assertThat(in).isNotNull();
            Files.write(archive, in.readAllBytes());
        }
        run(List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()));
        Upstream server = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                if (head.contains("transfer-encoding: chunked")) {
                    peer.readChunks();
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 5||hello");
            }
        });
        stage.scene
                .edge(clear)
                .edge(secured, stage.authority.forHost("*"))
                .host("*", "server")
                .group("server", Scene.plain(server.port()));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @Test
    void passesAllCasesOnClearText() throws Exception {
        assertThat(h2spec(clear, false)).contains("146 tests, 146 passed, 0 skipped, 0 failed");
    }

    @Test
    void passesAllCasesOnTls() throws Exception {
        assertThat(h2spec(secured, true)).contains("146 tests, 146 passed, 0 skipped, 0 failed");
    }

    private String h2spec(int port, boolean tls) throws Exception {
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
