package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kubectl's verbs about what runs: rolling out, waiting, copying, telling; and kubectl inside a pod. */
@Timeout(300)
final class DailyVerbsTests {

    @TempDir
    private Path folder;

    private RunningPlatform platform;

    @BeforeEach
    void start() throws IOException {
        Tools.require("kubectl");
        Path file = Files.writeString(folder.resolve("shop.yaml"), """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: talk}
                spec: {command: [/bin/sh, -c, "echo hello from $COLOUR; exec sleep 600"]}
                ---
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: crash}
                spec: {command: [/bin/sh, -c, "echo starting; exit 3"]}
                ---
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: inside}
                spec: {command: [/bin/sh, -c, "kubectl get namespace default -o name; kubectl get secrets; exec sleep 600"]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers: [{name: main, image: talk, env: [{name: COLOUR, value: blue}]}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: crash}
                spec: {containers: [{name: main, image: crash}]}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: reader}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: namespaces}
                rules: [{apiGroups: [""], resources: [namespaces], verbs: [get]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: reader}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: namespaces}
                subjects: [{kind: ServiceAccount, name: reader, namespace: default}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: inside}
                spec: {serviceAccountName: reader, containers: [{name: main, image: inside}]}
                """);
        platform = RunningPlatform.start(folder.resolve("data"), file);
        platform.awaitKubectl("2/2", "get", "deployment", "shop");
    }

    @AfterEach
    void stop() throws IOException {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void rollsOutAndBack() {
        kubectl("set", "env", "deploy/shop", "COLOUR=red");
        kubectl("annotate", "deploy", "shop", "kubernetes.io/change-cause=red");
        assertThat(kubectl("rollout", "status", "deploy/shop", "--timeout=60s")).contains("successfully rolled out");
        // a pod of before may still be there without a log
        platform.awaitKubectl("/main] hello from red", "logs", "-l", "app=shop", "--all-containers", "--prefix");
        assertThat(kubectl("rollout", "history", "deploy/shop")).containsPattern("2 +red");

        assertThat(kubectl("rollout", "undo", "deploy/shop", "--to-revision=1")).contains("rolled back");

        assertThat(kubectl("rollout", "status", "deploy/shop", "--timeout=60s")).contains("successfully rolled out");
        // kubectl takes any of the Deployment's pods, also one of before that has not ended yet
        platform.awaitKubectl("hello from blue", "logs", "deploy/shop", "--since=1h");
        assertThat(kubectl("rollout", "restart", "deploy/shop")).contains("restarted");
        assertThat(kubectl("wait", "--for=jsonpath={.status.updatedReplicas}=2", "deploy/shop", "--timeout=60s"))
                .contains("condition met");
        assertThat(kubectl("wait", "--for=condition=Available", "deploy/shop", "--timeout=60s"))
                .contains("condition met");
        assertThat(kubectl("describe", "deploy", "shop")).contains("ScalingReplicaSet", "Scaled up replica set shop-");
    }

    @Test
    void copiesTellsAndDeletes() throws IOException {
        Path sent = Files.writeString(folder.resolve("sent"), "a word\n");
        Path back = folder.resolve("back");
        String pod = kubectl("get", "pods", "-l", "app=shop", "-o", "jsonpath={.items[0].metadata.name}");
        kubectl("cp", sent.toString(), pod + ":/tmp/sent");
        kubectl("cp", pod + ":/tmp/sent", back.toString());
        assertThat(back).hasContent("a word");
        assertThat(kubectl("attach", pod)).contains("pods/attach is not built in Weft", "kubectl logs -f");

        platform.awaitKubectl("BackOff", "describe", "pod", "crash");
        assertThat(kubectl("describe", "pod", "crash"))
                .contains("Scheduled", "Successfully assigned default/crash to local", "Pulled", "Started");
        assertThat(kubectl("logs", "crash", "--previous")).isEqualTo("starting\n");

        kubectl("delete", "pod", pod, "--grace-period=0", "--force");
        assertThat(kubectl("wait", "--for=delete", "pod/" + pod, "--timeout=60s"))
                .doesNotContain("timed out");
        platform.awaitKubectl("2/2", "get", "deployment", "shop");
    }

    @Test
    void kubectlInsideAPodMayDoWhatItsAccountMay() {
        platform.awaitKubectl("namespace/default", "logs", "inside");
        platform.awaitKubectl(
                "User \"system:serviceaccount:default:reader\" cannot list resource \"secrets\"", "logs", "inside");
    }

    private String kubectl(String... arguments) {
        return platform.kubectl(arguments).output();
    }
}
