package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.workload.Instance;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.runtime.logs.LogQuery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRuntimeTests {

    private static final String SERVES =
            "'ports': [{'containerPort': 8080}], 'args': ['-b', '127.0.0.1', '-p', '$(PORT)'],"
                    + "'readinessProbe': {'httpGet': {'path': '/', 'port': 8080}}";

    @TempDir
    private Path folder;

    private Machine machine;

    @BeforeEach
    void start() {
        machine = new Machine(folder);
        machine.image("web", "java", "-m", "jdk.httpserver", "-d", folder.toString());
        machine.image("sleeper", "sh", "-c", "echo up; exec sleep 1000");
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void aDeploymentBecomesProcessesThatServeOnPortsOfTheirOwn() throws IOException {
        Resource deployment = machine.deployment("quote", 2, "web", SERVES);
        Machine.await("two ready instances", () -> machine.ready().size() == 2);

        for (Instance instance : machine.ready()) {
            Instance.Port port = instance.ports().getFirst();
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(port.applicationAddress(), port.applicationPort()), 1000);
            }
            assertThat(instance.address()).startsWith("127.");
            assertThat(port.containerPort()).isEqualTo(8080);
            assertThat(port.inboundPort()).isEqualTo(4143);
            assertThat(instance.workload().owner()).isEqualTo("quote");
            assertThat(instance.workload().name()).matches("quote-[a-z0-9]{10}-[a-z0-9]{5}");
        }
        Set<String> addresses = machine.ready().stream().map(Instance::address).collect(Collectors.toSet());
        assertThat(addresses).hasSize(2);
        Machine.await(
                "the status",
                () -> machine.get(deployment.key())
                                .at("/status/availableReplicas")
                                .asInt(0)
                        == 2);
    }

    @Test
    void aPodSaysWhichImageIsMissingAndStartsWhenItIsThere() {
        machine.deployment("late", 1, "example.org/late:1.0", "");
        Machine.await("the reason", () -> machine.waitingReason().equals("ImageNotLocal"));
        assertThat(machine.container(machine.pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains("kind: LocalImage")
                .contains("image: example.org/late:1.0");

        machine.apply(
                Kinds.LOCAL_IMAGE,
                "{'metadata': {'name': 'late'}, 'spec': {'image': 'example.org/late', 'command': ['sleep', '1000']}}");
        Machine.await("ready", () -> machine.ready().size() == 1);
    }

    @Test
    void aDeadProcessLeavesTheInstancesAndIsStartedAgain() {
        machine.deployment("victim", 1, "sleeper", "");
        Machine.await("ready", () -> machine.ready().size() == 1);
        Resource pod = machine.pods().getFirst();
        Machine.await("its process", () -> machine.container(pod).has("containerID"));
        // A pod without probes is ready while its launcher still runs, and an end before the program's is the
        // launcher's.
        Machine.await("its program", () -> logOf(pod).contains("up"));
        long pid = pid(pod);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);

        Machine.await(
                "a restart", () -> machine.container(pod).path("restartCount").asInt(0) == 1);
        Machine.await("ready again", () -> machine.ready().size() == 1);
        Machine.await("another process", () -> pid(pod) != pid && pid(pod) != 0);
        assertThat(machine.container(pod).at("/lastState/terminated/exitCode").asInt())
                .isEqualTo(137);
    }

    @Test
    void aProgramThatKeepsFailingWaitsLongerEachTime() {
        machine.image("failing", "sh", "-c", "echo no luck; exit 3");
        machine.deployment("failing", 1, "failing", "");
        Machine.await("the reason", () -> machine.waitingReason().equals("CrashLoopBackOff"));
        Resource pod = machine.pods().getFirst();
        assertThat(machine.container(pod).at("/lastState/terminated/exitCode").asInt())
                .isEqualTo(3);
        assertThat(machine.container(pod).at("/lastState/terminated/message").asString())
                .isEqualTo("no luck");
    }

    @Test
    void newPodsAreReadyBeforeOldOnesGo() {
        machine.deployment("rolling", 2, "sleeper", "");
        Machine.await("two ready", () -> machine.ready().size() == 2);
        Set<String> before = names();
        AtomicInteger fewest = new AtomicInteger(2);
        machine.runtime.onChange(() -> fewest.accumulateAndGet(machine.ready().size(), Math::min));

        machine.deployment("rolling", 2, "sleeper", "'env': [{'name': 'VERSION', 'value': '2'}]");

        Machine.await(
                "other pods",
                () -> names().stream().noneMatch(before::contains)
                        && machine.pods().size() == 2);
        assertThat(fewest).hasValue(2);
    }

    @Test
    void aPodIsInTheApiUntilItsProcessHasEnded() {
        machine.image("stubborn", "sh", "-c", "trap : TERM; while :; do sleep 1; done");
        machine.deployment("stubborn", 1, "stubborn", "");
        Machine.await("ready", () -> machine.ready().size() == 1);
        Resource pod = machine.pods().getFirst();
        Machine.await("its process", () -> machine.container(pod).has("containerID"));
        Optional<ProcessHandle> process = ProcessHandle.of(pid(pod));

        machine.store.delete(Kinds.DEPLOYMENT.key("default", "stubborn"));
        Machine.await("out of the endpoints", () -> machine.ready().isEmpty());
        assertThat(machine.get(pod.key()).deleting()).isTrue();
        Machine.await("gone", () -> machine.pods().isEmpty());
        assertThat(process)
                .hasValueSatisfying(handle -> assertThat(handle.isAlive()).isFalse());
    }

    @Test
    void theEnvironmentComesFromTheWireSecretsAndThePodItself() throws Exception {
        machine.apply(Kinds.SECRET, "{'metadata': {'name': 'keys'}, 'data': {'word': 'c2VzYW1l'}}");
        machine.image("env", "sh", "-c", "env; echo that is all; exec sleep 1000");
        machine.deployment("env", 1, "env", """
                'ports': [{'containerPort': 8080}], 'env': [
                  {'name': 'WORD', 'valueFrom': {'secretKeyRef': {'name': 'keys', 'key': 'word'}}},
                  {'name': 'POD', 'valueFrom': {'fieldRef': {'fieldPath': 'metadata.name'}}},
                  {'name': 'BOTH', 'value': '$(WORD)-$(POD)-$$(POD)'}]
                """);
        Machine.await("ready", () -> machine.ready().size() == 1);
        Instance instance = machine.ready().getFirst();
        Resource pod = machine.pods().getFirst();
        Machine.await("its output", () -> logOf(pod).contains("that is all"));
        assertThat(logOf(pod))
                .contains(
                        "PORT=" + instance.ports().getFirst().applicationPort(),
                        "WORD=sesame",
                        "POD=" + pod.name(),
                        "BOTH=sesame-" + pod.name() + "-$(POD)",
                        "http_proxy=http://" + instance.address() + ":4140");
    }

    @Test
    void aMissingSecretIsNamedAndWaitedFor() {
        machine.deployment(
                "secretive",
                1,
                "sleeper",
                "'env': [{'name': 'A', 'valueFrom': {'secretKeyRef': {'name': 'keys', 'key': 'a'}}}]");
        Machine.await("the reason", () -> machine.waitingReason().equals("CreateContainerConfigError"));
        assertThat(machine.container(machine.pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .startsWith("Secret default/keys does not exist or has no key \"a\"");
        machine.apply(Kinds.SECRET, "{'metadata': {'name': 'keys'}, 'data': {'a': 'MQ=='}}");
        Machine.await("ready", () -> machine.ready().size() == 1);
    }

    /** It takes milliseconds; the limit tells them from a period of anything that looks now and then. */
    @Test
    void fromZeroToAProcessNobodyWaitsForAPeriod() {
        machine.deployment("cold", 0, "sleeper", "");
        Key key = Kinds.DEPLOYMENT.key("default", "cold");
        Machine.await("reconciled", () -> machine.get(key).json().has("status"));
        long begin = System.nanoTime();
        machine.deployment("cold", 1, "sleeper", "");
        Machine.await("ready", () -> machine.ready().size() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    private long pid(Resource pod) {
        String id = machine.container(pod).path("containerID").asString("process://0");
        return Long.parseLong(id.substring("process://".length()));
    }

    private java.util.List<String> logOf(Resource pod) {
        try {
            return machine.log(pod, LogQuery.ALL);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Set<String> names() {
        return machine.pods().stream()
                .filter(pod -> !pod.deleting())
                .map(Resource::name)
                .collect(Collectors.toSet());
    }

    /** The question would be under way for five minutes. */
    @Test
    void whatIsDeletedDoesNotWaitForItsProbes() throws IOException {
        Path asked = folder.resolve("asked");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            machine.deployment("program", 1, "sleeper", """
                    'readinessProbe': {'exec': {'command': ['sh', '-c', 'echo >%s; exec sleep 1000']},
                     'timeoutSeconds': 300}""".formatted(asked));
            machine.deployment("server", 1, "sleeper", """
                    'readinessProbe': {'httpGet': {'path': '/', 'port': %d}, 'timeoutSeconds': 300}""".formatted(silent.getLocalPort()));
            Machine.await("the first question", () -> Files.exists(asked));
            try (Socket second = silent.accept()) {
                assertThat(second.getInputStream().read()).isEqualTo('G');

                machine.store.delete(Kinds.DEPLOYMENT.key("default", "program"));
                machine.store.delete(Kinds.DEPLOYMENT.key("default", "server"));

                Machine.await("their end", () -> machine.pods().isEmpty());
            }
        }
    }
}
