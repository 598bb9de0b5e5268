package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What kubectl tells of the cluster that this machine is: its node, what is used, what stands behind Services. */
@Timeout(300)
final class ClusterTests {

    @TempDir
    private static Path folder;

    @AutoClose
    private static RunningPlatform platform;

    @BeforeAll
    static void start() throws IOException {
        platform = BusyProgram.platform(folder, """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: busy}
                spec:
                  selector: {matchLabels: {app: busy}}
                  template:
                    metadata: {labels: {app: busy}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - {name: main, image: busy, ports: [{containerPort: 8080}], resources: {requests: {cpu: 100m}}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: busy}
                spec: {selector: {app: busy}, ports: [{name: http, port: 80, targetPort: 8080}]}
                """);
        platform.awaitKubectl("1/1", "get", "deployment", "busy");
    }

    @Test
    void thisMachineIsANodeThatCanBeEmptied() {
        platform.awaitKubectl("Ready", "get", "nodes");
        assertThat(kubectl("get", "nodes", "-o", "wide")).contains("INTERNAL-IP", "127.0.0.1", "weft://");
        assertThat(kubectl("describe", "node", "local")).contains("Capacity:", "MemoryPressure", "100m (");
        platform.awaitKubectl("Started", "describe", "pods", "-l", "app=busy"); // events are written by themselves
        assertThat(kubectl("describe", "pods", "-l", "app=busy"))
                .contains("Node:", "local/127.0.0.1", "Scheduled", "Pulled");

        assertThat(kubectl("drain", "local", "--timeout=60s")).contains("evicting pod", "node/local drained");

        assertThat(kubectl("get", "nodes")).contains("Ready,SchedulingDisabled");
        platform.awaitKubectl("FailedScheduling", "describe", "pods", "-l", "app=busy");
        assertThat(kubectl("get", "pods")).contains("Pending");
        assertThat(kubectl("uncordon", "local")).contains("node/local uncordoned");
        platform.awaitKubectl("1/1", "get", "deployment", "busy");

        assertThat(kubectl("create", "pdb", "busy", "--selector=app=busy", "--min-available=1"))
                .contains("poddisruptionbudget.policy/busy created");
        platform.awaitKubectl(
                "1 healthy", "get", "pdb", "busy", "-o", "go-template={{.status.currentHealthy}} healthy");
        assertThat(kubectl("get", "pdb")).containsPattern("busy +1 +N/A +0 ");
        assertThat(kubectl("drain", "local", "--timeout=8s"))
                .contains("Cannot evict pod as it would violate the pod's disruption budget");
        assertThat(kubectl("delete", "pdb", "busy")).contains("deleted");
        assertThat(kubectl("uncordon", "local")).contains("node/local uncordoned");
        platform.awaitKubectl("1/1", "get", "deployment", "busy");
    }

    @Test
    void showsWhatPodsAndTheMachineUse() {
        platform.awaitKubectl("local", "top", "nodes");
        platform.awaitKubectl("busy", "top", "pods");
        awaitPattern("busy-\\S+ +main +[1-9]\\d*m +\\d+Mi", "top", "pods", "--containers");
        awaitPattern("local +[1-9]\\d*m +\\d+% +[1-9]\\d*Mi +\\d+%", "top", "nodes");
        assertThat(kubectl("get", "podmetrics", "-l", "app=none")).contains("No resources found");
        assertThat(kubectl("delete", "podmetrics", "--all")).contains("does not allow this method");
    }

    @Test
    void tellsWhatStandsBehindAService() throws IOException {
        platform.awaitKubectl(":8080", "get", "endpoints", "busy");
        assertThat(kubectl("describe", "service", "busy")).containsPattern("Endpoints: +[\\d.]+:8080");
        Path outside = Files.writeString(folder.resolve("outside.yaml"), """
                apiVersion: v1
                kind: Service
                metadata: {name: outside}
                spec: {ports: [{port: 80}]}
                ---
                apiVersion: v1
                kind: Endpoints
                metadata: {name: outside}
                subsets: [{addresses: [{ip: 127.0.0.1}], ports: [{port: %d}]}]
                ---
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: outside}
                spec: {hostname: outside.localhost, prefix: /, service: outside}
                """.formatted(platform.httpPort()));

        assertThat(kubectl("apply", "-f", outside.toString())).contains("endpoints/outside created");

        assertThat(kubectl("get", "endpoints", "outside")).contains("127.0.0.1:" + platform.httpPort());
        platform.awaitKubectl("Running", "get", "mapping", "outside");
    }

    /** Waits for it: what is used is measured now and then, and may be nothing for a while. */
    private static void awaitPattern(String expected, String... arguments) {
        Pattern pattern = Pattern.compile(expected);
        Eventually.holds(
                expected,
                Duration.ofSeconds(60),
                () -> pattern.matcher(kubectl(arguments)).find(),
                () -> kubectl(arguments));
    }

    private static String kubectl(String... arguments) {
        return platform.kubectl(arguments).output();
    }
}
