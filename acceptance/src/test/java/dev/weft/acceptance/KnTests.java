package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified {@code kn}, Knative's command line, which {@code bin/install-kn} builds. */
final class KnTests {

    @TempDir
    private static Path folder;

    private static Path data;
    private static RunningPlatform platform;

    @BeforeAll
    static void start() throws IOException {
        Tools.require("kn");
        Tools.require("python3");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("web.py"), """
                import http.server, os
                class Answer(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200); self.end_headers(); self.wfile.write(os.environ['COLOUR'].encode())
                    def log_message(self, *rest): pass
                http.server.HTTPServer(('', int(os.environ['PORT'])), Answer).serve_forever()
                """);
        Files.writeString(
                files.resolve("web.yaml"),
                "{apiVersion: weft.dev/v1alpha1, kind: LocalImage, metadata: {name: web}, spec: {command: [python3, web.py]}}\n");
        data = folder.resolve("data");
        platform = RunningPlatform.start(data, files);
    }

    @AfterAll
    static void stop() throws IOException {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void makesChangesShowsAndDeletesAService() {
        assertThat(kn("service", "create", "colours", "--image", "web", "--env", "COLOUR=blue"))
                .contains(
                        "Ready to serve.",
                        "Service 'colours' created to latest revision 'colours-00001' is available at URL:",
                        "http://colours.default.example.com");
        assertThat(platform.get("colours.default.example.com", "/").body()).isEqualTo("blue");

        assertThat(kn("service", "update", "colours", "--env", "COLOUR=red"))
                .contains("Ready to serve.", "updated to latest revision 'colours-00002'");
        assertThat(platform.get("colours.default.example.com", "/").body()).isEqualTo("red");
        assertThat(kn("service", "update", "colours", "--traffic", "colours-00001=100", "--tag", "colours-00001=old"))
                .contains("Ready to serve.");
        assertThat(platform.get("colours.default.example.com", "/").body()).isEqualTo("blue");

        assertThat(words(kn("service", "list"))).contains("colours http://colours.default.example.com colours-00002");
        assertThat(words(kn("service", "describe", "colours")))
                .contains("Name: colours", "100% colours-00001 #old", "++ Ready", "++ RoutesReady");
        assertThat(words(kn("revision", "list"))).contains("colours-00002 colours", "colours-00001 colours 100%");
        assertThat(words(kn("revision", "describe", "colours-00002")))
                .contains("Image: web", "Env: COLOUR=red", "Service: colours", "++ Ready");
        assertThat(words(kn("route", "list"))).contains("colours http://colours.default.example.com True");
        assertThat(words(kn("route", "describe", "colours"))).contains("Service: colours", "++ IngressReady");

        assertThat(kn("revision", "delete", "colours-00002")).contains("'colours-00002' deleted");
        assertThat(kn("service", "delete", "colours", "--wait")).contains("'colours' successfully deleted");
        assertThat(kn("service", "list")).contains("No services found.");
        assertThat(kn("revision", "list")).contains("No revisions found.");
    }

    @Test
    void saysWhyAServiceIsNotReady() {
        WeftCommand.Result result =
                run("service", "create", "nothing", "--image", "nobody-has-it", "--wait-timeout", "30");

        assertThat(result.exitCode()).as(result.output()).isNotZero();
        assertThat(result.output()).contains("nobody-has-it");
    }

    private static String kn(String... arguments) {
        WeftCommand.Result result = run(arguments);
        assertThat(result.exitCode())
                .as("kn " + String.join(" ", arguments) + "\n" + result.output())
                .isZero();
        return result.output();
    }

    private static WeftCommand.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kn"));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--kubeconfig",
                data.resolve("kubeconfig").toString(),
                "--config",
                folder.resolve("kn.yaml").toString()));
        return WeftCommand.run(Path.of("").toAbsolutePath(), 120, command);
    }

    private static String words(String table) {
        return table.replaceAll("[ \t]+", " ");
    }
}
