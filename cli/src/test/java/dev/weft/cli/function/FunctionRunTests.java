package dev.weft.cli.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.FreePort;
import dev.weft.cli.client.Refusal;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code weft fn run}, {@code weft fn invoke}, and the host of functions in Node. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FunctionRunTests {

    @TempDir
    private Path folder;

    @Test
    void aFunctionRunsByTheSameJavaAndForThisMachineAlone() {
        Path home = Path.of("/some/java");
        ProcessBuilder builder = FnRun.process(List.of("java", "-jar", "it.jar"), folder, home);
        assertThat(builder.command()).containsExactly("/some/java/bin/java", "-jar", "it.jar");
        Map<String, String> environment = builder.environment();
        assertThat(environment)
                .containsEntry("JAVA_HOME", "/some/java")
                .containsEntry("WEFT_LISTEN_ADDRESS", "127.0.0.1");
        assertThat(environment.get("PATH")).startsWith("/some/java/bin" + File.pathSeparator);
        assertThat(FnRun.process(List.of("node", "it.js"), folder, home).command())
                .startsWith("node");
    }

    @Test
    void theNodeHostListensWhereItIsToldAndAnswersMalformedRequestsWith400() throws Exception {
        Files.writeString(folder.resolve("index.js"), "module.exports = { handle: () => 'called' };");
        int port = FreePort.find();
        ProcessBuilder builder =
                FnRun.process(NodeHost.command(folder), folder, Path.of(System.getProperty("java.home")));
        builder.environment().put("PORT", Integer.toString(port));
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.PIPE).start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("listening on " + port);
            assertThat(status(port, "GET / HTTP/1.1", "X: y")).isEqualTo("HTTP/1.1 200 OK");
            assertThat(status(port, "GET // HTTP/1.1", "X: y")).isEqualTo("HTTP/1.1 400 Bad Request");
            assertThat(status(port, "GET / HTTP/1.1", "ce-specversion: 1.0\r\nce-id: %zz"))
                    .isEqualTo("HTTP/1.1 400 Bad Request");
            assertThatThrownBy(() -> new Socket("127.0.0.2", port).close()).isInstanceOf(ConnectException.class);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String status(int port, String line, String header) throws IOException {
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head = line + "\r\nHost: f\r\nConnection: close\r\n" + header + "\r\n\r\n";
            connection.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    @Test
    void whatInvokeCannotSendIsRefusedAsWrongUse() {
        assertThatThrownBy(() -> invoke("--format", "protobuf"))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("http, cloudevent");
        assertThatThrownBy(() -> invoke("--request-type", "PUT"))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("POST, GET");
        refuses("--target localhost:8080 (expected: http://HOST", "--target", "localhost:8080");
        refuses("--target /path (expected: http://HOST", "--target", "/path");
        String missing = folder.resolve("missing").toString();
        refuses("--file " + missing + " cannot be read", "--file", missing, "--target", "http://127.0.0.1:1");
    }

    private static void refuses(String message, String... arguments) {
        assertThatThrownBy(() -> invoke(arguments))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(2))
                .hasMessageStartingWith(message);
    }

    private static void invoke(String... arguments) {
        FnInvoke command = new FnInvoke();
        new CommandLine(command).parseArgs(arguments);
        command.call();
    }
}
