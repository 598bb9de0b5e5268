package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Weft's own controllers do beside others: server-side apply meets them, autoscaling, and Jobs at times. */
@Timeout(300)
final class ControllersTests {

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: busy}
            spec:
              %s
              selector: {matchLabels: {app: busy}}
              template:
                metadata: {labels: {app: busy}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers: [{name: main, image: busy, resources: {requests: {cpu: 20m}}}]
            """;

    @TempDir
    private static Path folder;

    @AutoClose
    private static RunningPlatform platform;

    @BeforeAll
    static void start() throws IOException {
        platform = BusyProgram.platform(folder, """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: done}
                spec: {command: [/bin/sh, -c, "echo done"]}
                """);
    }

    @Test
    void anApplyMeetsTheAutoscalerWhereItDoesInKubernetesAndTheStatusNowhere() throws IOException {
        Path file = Files.writeString(folder.resolve("deployment.yaml"), DEPLOYMENT.formatted("replicas: 1"));
        assertThat(kubectl("apply", "--server-side", "-f", file.toString())).contains("serverside-applied");
        platform.awaitKubectl("1/1", "get", "deployment", "busy");
        assertThat(kubectl("get", "deployment", "busy", "--show-managed-fields", "-o", "yaml"))
                .containsPattern("manager: weft-runtime\\n +operation: Update\\n +subresource: status");
        assertThat(kubectl("apply", "--server-side", "-f", file.toString()))
                .as("a status is nobody's conflict")
                .contains("serverside-applied");

        assertThat(kubectl("autoscale", "deployment", "busy", "--min=1", "--max=3", "--cpu-percent=50"))
                .contains("horizontalpodautoscaler.autoscaling/busy autoscaled");
        platform.awaitKubectl("SuccessfulRescale", "describe", "hpa", "busy");
        assertThat(kubectl("get", "hpa", "busy")).containsPattern("cpu: \\d+%/50% +1 +3 ");
        platform.awaitKubectl("3/3", "get", "deployment", "busy");

        assertThat(kubectl("apply", "--server-side", "-f", file.toString()))
                .contains("conflict with \"weft-runtime\" using apps/v1: .spec.replicas");
        Files.writeString(file, DEPLOYMENT.formatted("paused: false"));
        assertThat(kubectl("apply", "--server-side", "-f", file.toString()))
                .as("who leaves the number to the autoscaler has no conflict")
                .contains("serverside-applied");
        assertThat(kubectl("get", "deployment", "busy")).contains("3/3");
    }

    @Test
    void aCronJobMakesJobsAtItsTimesAndWhenItIsAsked() throws IOException {
        Path file = Files.writeString(folder.resolve("cron.yaml"), """
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: tick}
                spec:
                  schedule: "@every 1s"
                  timeZone: Europe/Berlin
                  successfulJobsHistoryLimit: 3
                  jobTemplate:
                    spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: done}]}}}
                """);
        assertThat(kubectl("apply", "-f", file.toString())).contains("cronjob.batch/tick created");
        platform.awaitKubectl("Complete", "get", "jobs");
        assertThat(kubectl("get", "cronjobs")).containsPattern("tick +@every 1s +Europe/Berlin +False");
        assertThat(kubectl("describe", "cronjob", "tick")).contains("SuccessfulCreate", "Created job tick-");
        kubectl("patch", "cronjob", "tick", "-p", "{\"spec\":{\"suspend\":true}}");

        assertThat(kubectl("create", "job", "by-hand", "--from=cronjob/tick")).contains("job.batch/by-hand created");

        assertThat(kubectl("wait", "--for=condition=complete", "--timeout=60s", "job/by-hand"))
                .contains("condition met");
        assertThat(kubectl("logs", "job/by-hand")).isEqualTo("done\n");
        Path wrong = Files.writeString(
                folder.resolve("wrong.yaml"), Files.readString(file).replace("@every 1s", "61 * * * *"));
        assertThat(kubectl("apply", "-f", wrong.toString())).contains("spec.schedule", "61 is not within 0 to 59");
    }

    private static String kubectl(String... arguments) {
        return platform.kubectl(arguments).output();
    }
}
