package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does with kubectl, done with the real one. Without one it is left out, except in CI. */
class KubectlTest {

    private static final String SHOP = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: settings
            data:
              colour: red
            ---
            apiVersion: split.smi-spec.io/v1alpha2
            kind: TrafficSplit
            metadata:
              name: checkout
            spec:
              service: checkout
              backends:
              - service: checkout-v1
                weight: 90
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
            spec:
              replicas: 2
              selector:
                matchLabels: {app: web}
              template:
                metadata:
                  labels: {app: web}
                spec:
                  containers:
                  - name: web
                    image: web-1
                    ports:
                    - containerPort: 8080
            """;

    @TempDir
    Path data;

    private RunningApi api;
    private Path shop;

    @BeforeEach
    void start() throws Exception {
        boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        Assumptions.assumeTrue(
                found || "true".equals(System.getenv("CI")), "kubectl is not on the PATH: its verbs are not tested");
        api = new RunningApi(data);
        shop = Files.writeString(data.resolve("shop.yaml"), SHOP);
    }

    @AfterEach
    void stop() {
        if (api != null) {
            api.close();
        }
    }

    @Test
    void appliesAndAppliesAgain() throws Exception {
        String first = kubectl("apply", "-f", shop.toString());
        String second = kubectl("apply", "-f", shop.toString());
        Files.writeString(shop, SHOP.replace("web-1", "web-2").replace("90", "80"));
        String third = kubectl("apply", "-f", shop.toString());

        assertThat(first)
                .contains("configmap/settings created")
                .contains("trafficsplit.split.smi-spec.io/checkout created")
                .contains("deployment.apps/web created");
        assertThat(second.lines()).allMatch(line -> line.endsWith(" unchanged"));
        assertThat(third)
                .contains("configmap/settings unchanged")
                .contains("checkout configured")
                .contains("web configured");
        assertThat(kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.template.spec.containers[*].image}"))
                .isEqualTo("web-2");
    }

    @Test
    void appliesOnTheServer() throws Exception {
        assertThat(kubectl("apply", "--server-side", "-f", shop.toString()))
                .contains("configmap/settings serverside-applied");
        assertThat(kubectl("apply", "--dry-run=server", "--server-side", "-f", shop.toString()))
                .contains("(server dry run)");

        Files.writeString(shop, SHOP.replace("web-1", "web-2"));
        String conflict = kubectl("apply", "--server-side", "--field-manager=ci", "-f", shop.toString());
        String forced =
                kubectl("apply", "--server-side", "--field-manager=ci", "--force-conflicts", "-f", shop.toString());

        assertThat(conflict)
                .contains("error: Apply failed with 1 conflict: conflict with \"kubectl\":"
                        + " .spec.template.spec.containers[name=\"web\"].image")
                .contains("--force-conflicts");
        assertThat(forced).contains("deployment.apps/web serverside-applied");
        assertThat(kubectl("get", "deploy", "web", "-o", "yaml", "--show-managed-fields"))
                .contains("manager: ci", "manager: kubectl", "operation: Apply", "k:{\"name\":\"web\"}");
    }

    @Test
    void movesFromClientSideToServerSideApply() throws Exception {
        kubectl("apply", "-f", shop.toString());
        Files.writeString(shop, SHOP.replace("colour: red", "taste: sweet"));

        assertThat(kubectl("apply", "--server-side", "-f", shop.toString()))
                .contains("configmap/settings serverside-applied")
                .doesNotContain("conflict");
        assertThat(kubectl("get", "cm", "settings", "-o", "jsonpath={.data}")).isEqualTo("{\"taste\":\"sweet\"}");
    }

    @Test
    void saysWhoScaled() throws Exception {
        kubectl("apply", "--server-side", "-f", shop.toString());
        kubectl("scale", "deploy", "web", "--replicas=4");

        assertThat(kubectl("apply", "--server-side", "-f", shop.toString()))
                .contains("conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas");
    }

    @Test
    void getsTables() throws Exception {
        kubectl("apply", "-f", shop.toString());

        assertThat(kubectl("get", "ts,deploy,cm")).containsSubsequence("NAME", "SERVICE", "checkout", "READY", "0/2");
        assertThat(kubectl("get", "ksvc,trafficsplit,mappings", "-A"))
                .containsSubsequence("NAMESPACE", "SERVICE", "default", "checkout");
        assertThat(kubectl("get", "all")).contains("deployment.apps/web");
        assertThat(kubectl("get", "ns")).containsSubsequence("default", "Active", "weft", "Active");
    }

    @Test
    void getsYaml() throws Exception {
        kubectl("apply", "-f", shop.toString());

        assertThat(kubectl("get", "ts", "checkout", "-o", "yaml"))
                .contains("apiVersion: split.smi-spec.io/v1alpha4")
                .contains("- service: checkout-v1\n    weight: 90");
    }

    @Test
    void describesWithTheEvents() throws Exception {
        kubectl("apply", "-f", shop.toString());
        String uid = kubectl("get", "deploy", "web", "-o", "jsonpath={.metadata.uid}");
        Path event = Files.writeString(data.resolve("event.yaml"), """
                apiVersion: v1
                kind: Event
                metadata: {name: web.1}
                involvedObject: {apiVersion: apps/v1, kind: Deployment, namespace: default, name: web, uid: %s}
                reason: ScalingUp
                message: two more
                type: Normal
                """.formatted(uid));
        kubectl("create", "-f", event.toString());

        assertThat(kubectl("describe", "deploy", "web"))
                .containsSubsequence("Image:", "web-1", "Events:", "ScalingUp", "two more");
        assertThat(kubectl("get", "events")).containsSubsequence("ScalingUp", "deployment/web", "two more");
        assertThat(kubectl("describe", "ts", "checkout")).contains("Weight:   90");
    }

    @Test
    void editsAndPatches() throws Exception {
        kubectl("apply", "-f", shop.toString());
        kubectl(List.of("KUBE_EDITOR=sed -i s/colour:.red/colour:\\ blue/"), "edit", "cm", "settings");
        kubectl(List.of("KUBE_EDITOR=sed -i s/weight:.90/weight:\\ 70/"), "edit", "ts", "checkout");
        kubectl("patch", "ts", "checkout", "--type=merge", "-p", "{\"spec\":{\"service\":\"till\"}}");

        assertThat(kubectl("get", "cm", "settings", "-o", "jsonpath={.data.colour}"))
                .isEqualTo("blue");
        assertThat(kubectl("get", "ts", "checkout", "-o", "jsonpath={.spec.service} {.spec.backends[0].weight}"))
                .isEqualTo("till 70");
    }

    @Test
    void watches() throws Exception {
        kubectl("apply", "-f", shop.toString());
        Process watch = new ProcessBuilder(command("get", "ts", "-w"))
                .redirectErrorStream(true)
                .start();
        try (var lines = watch.inputReader(StandardCharsets.UTF_8)) {
            List<String> seen = new ArrayList<>(List.of(lines.readLine(), lines.readLine()));
            kubectl("patch", "ts", "checkout", "--type=merge", "-p", "{\"spec\":{\"service\":\"till\"}}");
            seen.add(lines.readLine());

            assertThat(seen.get(0)).containsSubsequence("NAME", "SERVICE");
            assertThat(seen.get(1)).containsSubsequence("checkout", "checkout");
            assertThat(seen.get(2)).containsSubsequence("checkout", "till");
        } finally {
            watch.destroy();
        }
    }

    @Test
    void deletes() throws Exception {
        kubectl("apply", "-f", shop.toString());

        assertThat(kubectl("delete", "-f", shop.toString()).lines()).allMatch(line -> line.endsWith(" deleted"));
        assertThat(kubectl("get", "ts,deploy,cm")).contains("No resources found");
        assertThat(kubectl("delete", "ns", "weft")).contains("namespace \"weft\" deleted");
    }

    @Test
    void createsWithoutAFile() throws Exception {
        kubectl("create", "ns", "shop");
        kubectl("create", "cm", "settings", "--from-literal=colour=red", "-n", "shop");
        kubectl("create", "secret", "generic", "key", "--from-literal=word=open", "-n", "shop");
        kubectl("create", "sa", "till", "-n", "shop");
        kubectl("create", "service", "clusterip", "web", "--tcp=80:8080", "-n", "shop");
        kubectl("create", "deployment", "web", "--image=web-1", "--replicas=2", "--port=8080", "-n", "shop");

        assertThat(kubectl("get", "cm", "settings", "-n", "shop", "-o", "jsonpath={.data.colour}"))
                .isEqualTo("red");
        assertThat(kubectl("get", "secret", "key", "-n", "shop", "-o", "jsonpath={.data.word}"))
                .isEqualTo("b3Blbg==");
        assertThat(kubectl("get", "sa", "till", "-n", "shop")).contains("till");
        assertThat(kubectl("get", "svc", "web", "-n", "shop", "-o", "jsonpath={.spec.ports[0].targetPort}"))
                .isEqualTo("8080");
        assertThat(kubectl("get", "deploy", "web", "-n", "shop", "-o", "wide"))
                .containsSubsequence("0/2", "web-1", "app=web");
    }

    @Test
    void scales() throws Exception {
        kubectl("apply", "-f", shop.toString());

        assertThat(kubectl("scale", "deploy", "web", "--replicas=4")).contains("deployment.apps/web scaled");
        assertThat(kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("4");
    }

    @Test
    void explains() throws Exception {
        assertThat(kubectl("explain", "trafficsplit")).contains("VERSION:    v1alpha4");
        assertThat(kubectl("explain", "deployment.spec.template.spec.containers"))
                .contains("FIELD: containers <[]Container>", "The programs that run together", "env\t<[]EnvVar>");
        assertThat(kubectl("explain", "ksvc.spec")).contains("traffic\t<[]RevisionTraffic>", "The next revision.");
        assertThat(kubectl("explain", "mapping.spec.timeout_ms")).contains("FIELD: timeout_ms <integer>", "3000");
        assertThat(kubectl("explain", "crd.spec.versions.schema", "--recursive"))
                .contains("pattern\t<string>");
        assertThat(kubectl("api-resources", "--categories=knative"))
                .contains("ksvc")
                .contains("rev");
    }

    @Test
    void printsWhatIsWrongWithADocument() throws Exception {
        Files.writeString(shop, SHOP.replace("weight: 90", "weight: -1"));

        assertThat(kubectl("apply", "-f", shop.toString()))
                .contains("The TrafficSplit \"checkout\" is invalid: spec.backends[0].weight: out of range.")
                .contains("configmap/settings created");
    }

    @Test
    void usesAKindThatItBrings() throws Exception {
        Path definition = Files.writeString(data.resolve("definition.yaml"), """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: crontabs.stable.example.com}
                spec:
                  group: stable.example.com
                  scope: Namespaced
                  names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct]}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    additionalPrinterColumns:
                    - {name: Spec, type: string, jsonPath: .spec.cronSpec}
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                            type: object
                            properties:
                              cronSpec: {type: string, description: When it runs.}
                              replicas: {type: integer, default: 1}
                """);
        Path tab = Files.writeString(data.resolve("tab.yaml"), """
                apiVersion: stable.example.com/v1
                kind: CronTab
                metadata: {name: mine}
                spec: {cronSpec: "* * * * */5"}
                """);

        assertThat(kubectl("apply", "-f", definition.toString())).contains("crontabs.stable.example.com created");
        assertThat(kubectl("wait", "--for=condition=Established", "crd/crontabs.stable.example.com"))
                .contains("condition met");
        assertThat(kubectl("apply", "-f", tab.toString())).contains("crontab.stable.example.com/mine created");
        assertThat(kubectl("apply", "--server-side", "-f", tab.toString())).contains("serverside-applied");
        assertThat(kubectl("get", "ct")).containsSubsequence("NAME", "SPEC", "mine", "* * * * */5");
        assertThat(kubectl("explain", "crontab.spec.cronSpec")).contains("When it runs.");
        Files.writeString(tab, Files.readString(tab).replace("cronSpec", "cornSpec"));
        assertThat(kubectl("apply", "-f", tab.toString())).contains("unknown field \"spec.cornSpec\"");
        assertThat(kubectl("get", "crd")).contains("trafficsplits.split.smi-spec.io");
        assertThat(kubectl("delete", "crd", "crontabs.stable.example.com")).contains("deleted");
        assertThat(kubectl("get", "ct")).contains("could not find the requested resource");
    }

    @Test
    void asksWhatIsAllowed() throws Exception {
        kubectl("create", "role", "reader", "--verb=get,list", "--resource=configmaps");
        kubectl("create", "rolebinding", "readers", "--role=reader", "--serviceaccount=default:default");
        String token = kubectl("create", "token", "default").strip();
        String account = "--as=system:serviceaccount:default:default";

        assertThat(kubectl("auth", "whoami")).containsSubsequence("Username", "weft", "system:masters");
        assertThat(kubectl("auth", "can-i", "delete", "pods").strip()).isEqualTo("yes");
        assertThat(kubectl("auth", "can-i", "list", "configmaps", account).strip())
                .isEqualTo("yes");
        assertThat(kubectl("auth", "can-i", "list", "pods", account).strip()).isEqualTo("no");
        assertThat(kubectl("get", "pods", account)).contains("Error from server (Forbidden): pods is forbidden");
        assertThat(kubectl("auth", "whoami", account)).contains("system:serviceaccount:default:default");
        assertThat(token.split("\\.")).hasSize(3);
    }

    @Test
    void keepsLeasesAndAutoscalers() throws Exception {
        Path lease = Files.writeString(data.resolve("lease.yaml"), """
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: leader}
                spec: {holderIdentity: me, leaseDurationSeconds: 15}
                """);
        kubectl("apply", "-f", lease.toString());

        assertThat(kubectl("get", "lease")).containsSubsequence("NAME", "HOLDER", "leader", "me");
        Path scaler = Files.writeString(data.resolve("scaler.yaml"), """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  maxReplicas: 3
                """);
        assertThat(kubectl("apply", "-f", scaler.toString()))
                .contains("horizontalpodautoscaler.autoscaling/web created");
        assertThat(kubectl("get", "hpa")).containsSubsequence("MAXPODS", "Deployment/web", "cpu: <unknown>/80%", "3");
        Files.writeString(
                scaler, Files.readString(scaler).replace("v2", "v1") + "  targetCPUUtilizationPercentage: 50\n");
        kubectl("apply", "-f", scaler.toString());
        assertThat(kubectl("get", "hpa", "web", "-o", "yaml"))
                .contains("apiVersion: autoscaling/v2", "averageUtilization: 50");
        assertThat(kubectl("get", "horizontalpodautoscalers.v1.autoscaling", "web", "-o", "yaml"))
                .contains("apiVersion: autoscaling/v1", "targetCPUUtilizationPercentage: 50");
    }

    private String kubectl(String... arguments) throws IOException, InterruptedException {
        return kubectl(List.of(), arguments);
    }

    /** What it prints, errors included. */
    private String kubectl(List<String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments)).redirectErrorStream(true);
        environment.forEach(variable -> {
            String[] parts = variable.split("=", 2);
            builder.environment().put(parts[0], parts[1]);
        });
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return printed;
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "kubectl",
                "--kubeconfig",
                api.server.kubeconfigPath().toString(),
                "--cache-dir",
                data.resolve("cache").toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
