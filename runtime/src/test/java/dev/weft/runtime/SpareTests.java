package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.workload.Instance;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.runtime.host.Shout;
import dev.weft.runtime.host.Surrounded;
import dev.weft.runtime.logs.LogQuery;
import dev.weft.runtime.namespace.Namespaces;
import dev.weft.runtime.process.Execution;
import dev.weft.runtime.spare.ProcessStart;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions that begin in a parked JVM, in both modes. */
@Timeout(120)
class SpareTests {

    private static final String READINESS =
            "'ports': [{'containerPort': 8080}], 'readinessProbe': {'tcpSocket': {'port': 0}, 'periodSeconds': 0}";

    @TempDir
    private Path folder;

    @TempDir
    private Path work;

    private Optional<Machine> machine = Optional.empty();

    @AfterEach
    void stop() {
        machine.ifPresent(Machine::close);
    }

    private Machine machine(String mode, int spares) throws IOException {
        machine.ifPresent(Machine::close);
        if (mode.equals("namespaces")) {
            Namespaces.require();
        }
        Machine started = Machine.withSpares(folder, mode.equals("namespaces"), spares);
        machine = Optional.of(started);
        return started;
    }

    private static void function(Machine on, String name, Class<?> type) {
        on.apply(
                Kinds.LOCAL_IMAGE,
                "{'metadata': {'name': '%s'}, 'spec': {'function': {'jar': '%s', 'class': '%s'}}}"
                        .formatted(name, testClasses(), type.getName()));
    }

    /** A function that is ready, in a process that began as it should. */
    private static Instance started(Machine on, Class<?> type, String more, boolean inASpare) {
        function(on, "function", type);
        int spares = inASpare ? 1 : 0;
        Machine.await("parked", () -> on.runtime.parkedSpares() >= spares);
        on.deployment("function", 1, "function", READINESS + more);
        Machine.await("ready", () -> on.ready().size() == 1);
        assertThat(start(on).why()).isEqualTo(inASpare ? "" : start(on).why());
        assertThat(start(on).spare()).isEqualTo(inASpare);
        return on.ready().getFirst();
    }

    private static ProcessStart start(Machine on) {
        return on.runtime.processStarts(_ -> true, 1).getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aFunctionFindsInASpareWhatItFindsInAProcessOfItsOwn(String mode) throws Exception {
        Files.writeString(work.resolve("here"), "what lies here");
        String more = ", 'workingDir': '" + work + "', 'env': [{'name': 'COLOUR', 'value': 'its \u00e9'},"
                + " {'name': 'JDK_JAVA_OPTIONS', 'value': '-Dshop.colour=red'}]";
        JsonNode fresh = seen(machine(mode, 0), more, false);
        JsonNode spare = seen(machine(mode, 1), more, true);

        assertThat(spare.toPrettyString()).isEqualTo(fresh.toPrettyString());
        assertThat(spare.path("inherited").toString()).isEqualTo("[\"COLOUR=its \u00e9\"]");
        assertThat(spare.path("content").asString()).isEqualTo("what lies here");
        assertThat(spare.path("property").asString()).isEqualTo("red");
        assertThat(spare.path("input").asInt()).isEqualTo(-1);
        assertThat(spare.path("capabilities").toString()).contains("CapEff:\\t0000000000000000", "NoNewPrivs:\\t1");
    }

    /** But for what differs from pod to pod. */
    private static JsonNode seen(Machine on, String more, boolean inASpare) throws IOException {
        Instance instance = started(on, Surrounded.class, more, inASpare);
        String address = on.pods().getFirst().at("/status/podIP").asString();
        String answer = call(on, instance, "here")
                .replace(on.pods().getFirst().name(), "POD")
                .replaceAll(address + "[0-9]*", "ADDRESS")
                .replace("\"OLDPWD\":\"/\",", "") // of the shell that enters a namespace
                .replaceAll("\"PORT(_8080)?\":\"[0-9]+\"", "\"PORT$1\":\"PORT\"");
        assertThat(answer).as(log(on, on.pods().getFirst())).startsWith("{");
        return JsonMapper.shared().readTree(answer);
    }

    @Test
    void aFunctionInASpareSeesItsVolumesAndItsNames() throws Exception {
        Machine on = machine("namespaces", 1);
        on.apply(Kinds.CONFIG_MAP, "{'metadata': {'name': 'colours'}, 'data': {'first': 'red'}}");
        on.apply(Kinds.SECRET, "{'metadata': {'name': 'keys'}, 'stringData': {'key': 'swordfish'}}");
        function(on, "function", Surrounded.class);
        Machine.await("parked", () -> on.runtime.parkedSpares() == 1);
        on.apply(Kinds.POD, """
                {'metadata': {'name': 'one', 'labels': {'app': 'one'}}, 'spec': {'terminationGracePeriodSeconds': 5,
                 'volumes': [{'name': 'c', 'configMap': {'name': 'colours'}}, {'name': 'e', 'emptyDir': {}},
                  {'name': 's', 'secret': {'secretName': 'keys'}}],
                 'containers': [{'name': 'main', 'image': 'function', %s, 'volumeMounts': [
                  {'name': 's', 'mountPath': '/var/run/secrets/shop'},
                  {'name': 'c', 'mountPath': '/etc/colours', 'readOnly': true}, {'name': 'e', 'mountPath': '/var/own'}]}]}}
                """.formatted(READINESS));
        Machine.await("ready", () -> on.ready().size() == 1);
        assertThat(start(on).spare()).as(start(on).why()).isTrue();

        Instance instance = on.ready().getFirst();
        assertThat(content(on, instance, "/etc/colours/first")).isEqualTo("red");
        assertThat(content(on, instance, "/var/run/secrets/shop/key")).isEqualTo("swordfish");
        assertThat(content(on, instance, "/proc/sys/kernel/hostname").strip()).isEqualTo("one");
        assertThat(content(on, instance, "/etc/hosts")).contains(" one\n");
        assertThat(content(on, instance, "/etc/resolv.conf")).contains("search default.svc");
        assertThat(inside(on, "cat /etc/colours/first; touch /var/own/x && ls /var/own; ls -A / | grep weft; hostname"))
                .isEqualTo("redx\none");
        assertThat(inside(on, "cat " + folder.resolve("volumes") + "/*/*/*"))
                .as("what is the platform's own")
                .doesNotContain("swordfish");
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void logsCommandsAndExitCodesAreAsOfEveryPod(String mode) throws Exception {
        Machine on = machine(mode, 1);
        Instance instance = started(on, Shout.class, ", 'env': [{'name': 'WORD', 'value': 'sesame'}]", true);
        Resource pod = on.pods().getFirst();
        assertThat(call(on, instance, "fail")).contains("IllegalArgumentException");
        Machine.await("the log", () -> log(on, pod).contains("as you wish"));
        assertThat(log(on, pod)).startsWith("listening on ").doesNotContain("parked");
        assertThat(inside(on, "echo $WORD; pwd"))
                .isEqualTo("sesame\n" + Path.of("").toAbsolutePath());

        ProcessHandle.current()
                .descendants()
                .filter(each -> each.children().findAny().isEmpty())
                .filter(each -> each.info().commandLine().orElse("").contains("ParkedHost"))
                .forEach(ProcessHandle::destroyForcibly);
        Machine.await("restarted", () -> on.container(pod).path("restartCount").asInt() == 1);
        assertThat(on.container(pod).at("/lastState/terminated/exitCode").asInt())
                .isEqualTo(137);
        Machine.await("ready again", () -> on.ready().size() == 1);
        assertThat(start(on).spare()).isFalse();
        assertThat(start(on).why()).contains("taken once");
    }

    @Test
    void whatAJvmReadsAtItsStartNeedsAFreshProcess() throws Exception {
        Machine on = machine("loopback", 1);
        String options = ", 'env': [{'name': 'JDK_JAVA_OPTIONS', 'value': '-Xmx64m'}]";
        function(on, "function", Shout.class);
        Machine.await("parked", () -> on.runtime.parkedSpares() == 1);
        on.deployment("function", 1, "function", READINESS + options);
        Machine.await("ready", () -> on.ready().size() == 1);
        assertThat(start(on).spare()).isFalse();
        assertThat(start(on).why()).contains("JDK_JAVA_OPTIONS");
        assertThat(call(on, on.ready().getFirst(), "x")).isEqualTo("X!");

        on.deployment("function", 1, "function", READINESS + ", 'env': [{'name': 'TZ', 'value': 'Asia/Tokyo'}]");
        Machine.await("replaced", () -> start(on).why().contains("TZ"));
    }

    @Test
    void noneIsParkedWithoutFunctionsAndEachIsReplaced() throws Exception {
        Machine on = machine("loopback", 2);
        on.image("sleeper", "sleep", "1000");
        on.deployment("sleeper", 1, "sleeper", "");
        Machine.await("ready", () -> on.ready().size() == 1);
        assertThat(on.runtime.parkedSpares()).isZero();
        assertThat(start(on).why()).contains("no Java function");

        function(on, "function", Shout.class);
        Machine.await("one for one function", () -> on.runtime.parkedSpares() == 1);
        on.deployment("function", 1, "function", READINESS);
        Machine.await("ready", () -> on.ready().size() == 2);
        Machine.await("parked again", () -> on.runtime.parkedSpares() == 1);
        on.store.delete(Kinds.LOCAL_IMAGE.key("", "function"));
        Machine.await("ended", () -> on.runtime.parkedSpares() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespaces", "loopback"})
    void aKilledPlatformLeavesNoneBehind(String mode) throws Exception {
        if (mode.equals("namespaces")) {
            Namespaces.require();
        }
        Process platform = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("weft.test.class.path", System.getProperty("java.class.path")),
                        KilledSpares.class.getName(),
                        folder.toString(),
                        mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(platform.inputReader().readLine()).isEqualTo("parked");
        List<ProcessHandle> all = platform.descendants().toList();
        assertThat(all).anyMatch(each -> each.info().commandLine().orElse("").contains("ParkedHost"));
        platform.destroyForcibly();
        Machine.await("the end of all", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static String content(Machine on, Instance instance, String file) throws IOException {
        String answer = call(on, instance, file);
        assertThat(answer).as(log(on, on.pods().getFirst())).startsWith("{");
        return JsonMapper.shared().readTree(answer).path("content").asString(answer);
    }

    /** By a socket of the pod's own network. */
    private static String call(Machine on, Instance instance, String body) throws IOException {
        Instance.Port port = instance.ports().getFirst();
        Resource pod = on.pods().stream()
                .filter(each -> each.at("/status/podIP").asString().equals(port.applicationAddress())
                        || each.name().startsWith("function"))
                .findFirst()
                .orElseThrow();
        try (Socket socket = on.runtime.separatesPods()
                ? on.runtime.connect("default", pod.name(), port.applicationPort())
                : new Socket()) {
            if (!socket.isConnected()) {
                socket.connect(new InetSocketAddress(port.applicationAddress(), port.applicationPort()));
            }
            OutputStream output = socket.getOutputStream();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            output.write(
                    ("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: "
                                    + bytes.length + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    private static String inside(Machine on, String script) throws Exception {
        Resource pod = on.pods().getFirst();
        try (Execution execution = on.runtime.execute(
                pod.namespace(), pod.name(), "main", List.of("sh", "-c", "exec 2>&1; " + script), false)) {
            String said = new String(execution.output().readAllBytes(), StandardCharsets.UTF_8);
            execution.exit().get(60, TimeUnit.SECONDS);
            return said.strip();
        }
    }

    private static String log(Machine on, Resource pod) {
        try {
            return String.join("\n", on.log(pod, LogQuery.ALL));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Path testClasses() {
        try {
            return Path.of(SpareTests.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
