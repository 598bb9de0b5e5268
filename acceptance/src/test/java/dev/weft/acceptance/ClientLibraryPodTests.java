package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client library does with pods. */
final class ClientLibraryPodTests {

    @TempDir
    private static Path folder;

    @AutoClose
    private static ClientLibrary library;

    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        Tools.require("python3");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("web.py"), """
                import http.server, os
                class Answer(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200); self.end_headers(); self.wfile.write(b'of the pod')
                    def log_message(self, *rest): pass
                print('first line', flush=True)
                print('last line', flush=True)
                http.server.HTTPServer(('', int(os.environ['PORT'])), Answer).serve_forever()
                """);
        Files.writeString(files.resolve("web.yaml"), """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: web}
                spec: {command: [python3, web.py]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers: [{name: main, image: web, ports: [{containerPort: 8080}],
                        readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]
                """);
        library = ClientLibrary.start(folder, files);
        client = library.client();
        client.apps()
                .deployments()
                .inNamespace("default")
                .withName("web")
                .waitUntilReady(ClientLibrary.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void readsLogs() {
        assertThat(client.pods().resource(pod()).getLog()).isEqualTo("first line\nlast line\n");
        assertThat(client.pods().resource(pod()).tailingLines(1).getLog()).isEqualTo("last line\n");
        assertThat(client.apps()
                        .deployments()
                        .inNamespace("default")
                        .withName("web")
                        .getLog())
                .contains("first line");
    }

    @Test
    void followsLogs() throws IOException {
        try (var watch = client.pods().resource(pod()).watchLog();
                var lines = new BufferedReader(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("first line");
            assertThat(lines.readLine()).isEqualTo("last line");
        }
    }

    @Test
    void runsCommandsInPods() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (ExecWatch command = client.pods()
                .resource(pod())
                .redirectingInput()
                .writingOutput(out)
                .writingError(errors)
                .exec("sh", "-c", "read word; echo out $word; echo err >&2; exit 3")) {
            command.getInput().write("word\n".getBytes(StandardCharsets.UTF_8));
            command.getInput().flush();

            assertThat(command.exitCode().get(ClientLibrary.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(3);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("out word\n");
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
    }

    @Test
    void forwardsPorts() throws Exception {
        try (LocalPortForward forward = client.pods().resource(pod()).portForward(8080);
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
            for (int i = 0; i < 3; i++) {
                assertThat(http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                                .body())
                        .isEqualTo("of the pod");
            }
            assertThat(forward.errorOccurred()).isFalse();
        }
    }

    @Test
    void scalesAndRestarts() {
        var web = client.apps().deployments().inNamespace("default").withName("web");
        web.scale(2);
        library.held("two pods", () -> Objects.equals(web.get().getStatus().getReadyReplicas(), 2));
        web.scale(1);
        library.held("one pod", () -> pods().size() == 1);
        String before = pod().getMetadata().getUid();
        web.rolling().restart();
        library.held(
                "another pod alone, for whoever looks next",
                () -> pods().size() == 1
                        && !pod().getMetadata().getUid().equals(before)
                        && Readiness.isPodReady(pod()));
    }

    private static List<Pod> pods() {
        return client.pods()
                .inNamespace("default")
                .withLabel("app", "web")
                .list()
                .getItems();
    }

    private static Pod pod() {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst()
                .orElseThrow();
    }
}
