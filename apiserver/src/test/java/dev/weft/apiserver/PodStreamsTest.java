package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl does with the streams of pods, as today's does it (WebSocket) and as older ones did (SPDY). */
class PodStreamsTest {

    private static final String WORD = "some words that come back";

    private record Printed(int code, String out, String errors) {}

    @TempDir
    private Path data;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        Assumptions.assumeTrue(
                found || "true".equals(System.getenv("CI")), "kubectl is not on the PATH: its verbs are not tested");
        api = new RunningApi(data);
        api.post("/api/v1/namespaces/default/pods", """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shell"},
                 "spec": {"containers": [{"name": "main", "image": "sh"}]},
                 "status": {"phase": "Running"}}""");
        api.store.updateStatus(
                dev.weft.resources.Kinds.POD.key("default", "shell"),
                tools.jackson.databind.json.JsonMapper.shared()
                        .createObjectNode()
                        .put("phase", "Running"));
    }

    @AfterEach
    void stop() {
        if (api != null) {
            api.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void runsACommandWithItsStreamsAndItsExitCode(String webSocket) throws Exception {
        Printed printed = kubectl(webSocket, "", "exec", "shell", "--", "sh", "-c", "echo out; echo err >&2; exit 3");
        assertThat(printed.out()).isEqualTo("out\n");
        assertThat(printed.errors()).contains("err\n", "command terminated with exit code 3");
        assertThat(printed.code()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void carriesInputToItsEnd(String webSocket) throws Exception {
        String much = WORD.repeat(40_000); // a megabyte, more than any queue on the way
        Printed printed = kubectl(webSocket, much, "exec", "-i", "shell", "--", "cat");
        assertThat(printed.errors()).isEmpty();
        assertThat(printed.out()).isEqualTo(much);
        assertThat(printed.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void copiesFilesInAndOut(String webSocket) throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(5).nextBytes(bytes);
        Path here = Files.write(data.resolve("here"), bytes);
        Path there = data.resolve("there");
        Path back = data.resolve("back");
        assertThat(kubectl(webSocket, "", "cp", here.toString(), "shell:" + there)
                        .errors())
                .isEmpty();
        assertThat(there).hasBinaryContent(bytes);
        assertThat(kubectl(webSocket, "", "cp", "shell:" + there, back.toString())
                        .errors())
                .doesNotContain("error");
        assertThat(back).hasBinaryContent(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void forwardsManyConnectionsToAPort(String webSocket) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", exchange -> {
            byte[] body =
                    (WORD + exchange.getRequestURI().getPath()).repeat(1000).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Process process = builder(
                        webSocket,
                        "port-forward",
                        "shell",
                        ":" + server.getAddress().getPort())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = process.inputReader()) {
            String line = said.readLine(); // Forwarding from 127.0.0.1:40123 -> 8080
            assertThat(line).contains("Forwarding from 127.0.0.1:");
            String port = line.replaceAll(".*127\\.0\\.0\\.1:([0-9]+).*", "$1");
            for (int i = 0; i < 20; i++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + i))
                        .build();
                try (HttpClient client = HttpClient.newHttpClient()) { // and so a connection of its own
                    assertThat(client.send(request, BodyHandlers.ofString()).body())
                            .isEqualTo((WORD + "/" + i).repeat(1000));
                }
            }
        } finally {
            process.destroy();
            server.stop(0);
        }
    }

    @Test
    void refusesWhatIsNoUpgradeAndWhoMayNot() throws Exception {
        assertThat(api.get("/api/v1/namespaces/default/pods/shell/exec?command=ls")
                        .status())
                .isEqualTo(400);
        assertThat(api.get("/api/v1/namespaces/default/pods/none/exec?command=ls")
                        .status())
                .isEqualTo(404);
        kubectl("true", "", "create", "clusterrole", "look", "--verb=get", "--resource=pods,pods/exec");
        kubectl("true", "", "create", "clusterrolebinding", "look", "--clusterrole=look", "--user=stranger");
        Printed printed = kubectl("true", "", "--as", "stranger", "exec", "shell", "--", "ls");
        assertThat(printed.errors()).contains("cannot create resource \"pods/exec\"");
    }

    private Printed kubectl(String webSocket, String input, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(data, "out", "");
        Path errors = Files.createTempFile(data, "errors", "");
        Path in = Files.writeString(Files.createTempFile(data, "in", ""), input);
        Process process = builder(webSocket, arguments)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Printed(process.exitValue(), Files.readString(out), Files.readString(errors));
    }

    private ProcessBuilder builder(String webSocket, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("kubectl", "--kubeconfig", api.server.kubeconfigPath().toString()));
        command.addAll(List.of("--cache-dir", data.resolve("cache").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", webSocket);
        builder.environment().put("KUBECTL_PORT_FORWARD_WEBSOCKETS", webSocket);
        return builder;
    }
}
