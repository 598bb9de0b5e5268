package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.workload.Instance;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.runtime.host.Shout;
import dev.weft.runtime.host.Stillborn;
import dev.weft.runtime.logs.LogQuery;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionTests {

    /** As Knative's default: TCP on the container's port, as often as sensible. */
    private static final String READINESS =
            "'ports': [{'containerPort': 8080}], 'readinessProbe': {'tcpSocket': {'port': 0}, 'periodSeconds': 0}";

    @TempDir
    private Path folder;

    private Machine machine;

    @BeforeEach
    void start() {
        machine = new Machine(folder);
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void aFunctionIsServedInAProcessOfItsOwn() throws Exception {
        function("shout", Shout.class);
        machine.deployment("shout", 1, "shout", READINESS);
        Machine.await("ready", () -> machine.ready().size() == 1);

        HttpResponse<String> answer = call("quietly");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("QUIETLY!");
    }

    @Test
    void aFunctionThatThrowsAnswers500AndSaysWhyInItsLog() throws Exception {
        function("shout", Shout.class);
        machine.deployment("shout", 1, "shout", READINESS);
        Machine.await("ready", () -> machine.ready().size() == 1);

        assertThat(call("fail").statusCode()).isEqualTo(500);
        assertThat(call("again").body()).isEqualTo("AGAIN!");
        Resource pod = machine.pods().getFirst();
        Machine.await("the reason in the log", () -> log(pod).contains("IllegalArgumentException: as you wish"));
    }

    @Test
    void aFunctionThatCannotBeMadeSaysWhyInThePodsStatus() {
        function("stillborn", Stillborn.class);
        machine.deployment("stillborn", 1, "stillborn", READINESS);
        Machine.await("the reason", () -> machine.waitingReason().equals("CrashLoopBackOff"));
        Resource pod = machine.pods().getFirst();
        assertThat(machine.container(pod).at("/lastState/terminated/exitCode").asInt())
                .isEqualTo(1);
        assertThat(machine.container(pod).at("/lastState/terminated/message").asString())
                .contains("its constructor has failed")
                .contains("IllegalStateException: no configuration");
        assertThat(machine.ready()).isEmpty();
    }

    @Test
    void aJarThatIsNotThereIsBuiltOnce() {
        machine.apply(Kinds.LOCAL_IMAGE, """
                {'metadata': {'name': 'built'}, 'spec': {'workingDirectory': '%s',
                 'function': {'classpath': ['made', '%s'], 'class': '%s'},
                 'build': {'command': ['sh', '-c', 'mkdir made && echo done']}}}
                """.formatted(folder, testClasses(), Shout.class.getName()));
        machine.deployment("built", 2, "built", READINESS);
        Machine.await("both ready", () -> machine.ready().size() == 2);
        assertThat(folder.resolve("made")).isDirectory();
    }

    /** The platform's own it would have otherwise: those with which networks are made. */
    @Test
    void aBuildHasNoCapabilitiesAndCanGainNone() {
        machine.apply(Kinds.LOCAL_IMAGE, """
                {'metadata': {'name': 'weak'}, 'spec': {'jar': 'never.jar',
                 'build': {'command': ['grep', '-E', 'CapEff|CapAmb|NoNewPrivs', '/proc/self/status', '/missing']}}}
                """);
        machine.deployment("weak", 1, "weak", "");
        Machine.await("the reason", () -> machine.waitingReason().equals("BuildFailed"));
        assertThat(machine.container(machine.pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains("CapEff:\t0000000000000000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1");
    }

    @Test
    void aBuildThatFailsShowsItsLastLines() {
        machine.apply(Kinds.LOCAL_IMAGE, """
                {'metadata': {'name': 'broken'}, 'spec': {'jar': 'never.jar',
                 'build': {'command': ['sh', '-c', 'echo line 3: expected a semicolon; exit 4']}}}
                """);
        machine.deployment("broken", 1, "broken", "");
        Machine.await("the reason", () -> machine.waitingReason().equals("BuildFailed"));
        assertThat(machine.container(machine.pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains("LocalImage broken", "exit code 4", "line 3: expected a semicolon");
    }

    private void function(String name, Class<?> type) {
        machine.apply(
                Kinds.LOCAL_IMAGE,
                "{'metadata': {'name': '%s'}, 'spec': {'function': {'jar': '%s', 'class': '%s'}}}"
                        .formatted(name, testClasses(), type.getName()));
    }

    private HttpResponse<String> call(String body) throws Exception {
        Instance.Port port = machine.ready().getFirst().ports().getFirst();
        URI uri = URI.create("http://" + port.applicationAddress() + ":" + port.applicationPort() + "/");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private String log(Resource pod) {
        try {
            return String.join("\n", machine.log(pod, LogQuery.ALL));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Path testClasses() {
        try {
            return Path.of(FunctionTests.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
