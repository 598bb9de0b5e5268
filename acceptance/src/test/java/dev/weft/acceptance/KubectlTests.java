package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified kubectl against {@code weft up}; and what a kill of that leaves. */
final class KubectlTests {

    private static final String UNTIL_SHOWN = "from a Secret's change to handshakes with it, ms";

    @TempDir
    private Path folder;

    private Path data;
    private RunningPlatform platform;

    @BeforeEach
    void start() {
        Tools.require("kubectl");
        data = folder.resolve("data");
        platform = RunningPlatform.start(data, WeftCommand.HOME.resolve("examples/faas"));
    }

    @AfterEach
    void stop() throws IOException {
        platform.close();
    }

    @Test
    void understandsTheVerbsOfAnyDay() throws IOException {
        assertThat(platform.kubectl("get", "ksvc,trafficsplit,mappings", "-A").output())
                .contains("service.serving.knative.dev/hello", "trafficsplit.split.smi-spec.io/quote", "greeting");
        Path file = Files.writeString(folder.resolve("settings.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data: {colour: blue}
                """);
        assertThat(platform.kubectl("apply", "-f", file.toString()).output()).contains("configmap/settings created");
        assertThat(platform.kubectl(
                                "patch",
                                "configmap",
                                "settings",
                                "--type=merge",
                                "-p",
                                "{\"data\":{\"colour\":\"red\"}}")
                        .output())
                .contains("configmap/settings patched");
        assertThat(platform.kubectl("get", "configmap", "settings", "-o", "yaml")
                        .output())
                .contains("colour: red");
        assertThat(platform.kubectl("describe", "configmap", "settings").output())
                .contains("colour:", "red");
        assertThat(platform.kubectl("delete", "configmap", "settings").output()).contains("\"settings\" deleted");
        platform.awaitKubectl("2/2", "get", "deployment", "quote-v1");
        platform.awaitKubectl("quote v1 listens on", "logs", "deploy/quote-v1"); // answering may come before its word
        assertThat(platform.weft("get", "deploy", "-o", "json").output()).contains("\"quote-v2\"");
    }

    @Test
    void refusesToApplyWhatOthersOwn() throws IOException {
        Path file = Files.writeString(folder.resolve("owned.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: owned}
                data: {colour: blue}
                """);
        platform.kubectl("apply", "--server-side", "-f", file.toString());
        Files.writeString(file, Files.readString(file).replace("blue", "red"));

        assertThat(platform.kubectl("apply", "--server-side", "--field-manager=ci", "-f", file.toString())
                        .output())
                .contains("conflict with \"kubectl\": .data.colour");
        assertThat(platform.kubectl(
                                "apply",
                                "--server-side",
                                "--field-manager=ci",
                                "--force-conflicts",
                                "-f",
                                file.toString())
                        .output())
                .contains("configmap/owned serverside-applied");
    }

    @Test
    void servesAKindThatTheUserBrings() throws IOException {
        Path definition = Files.writeString(folder.resolve("definition.yaml"), """
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
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                            type: object
                            properties:
                              cronSpec: {type: string, description: When it runs.}
                """);
        Path tab = Files.writeString(folder.resolve("tab.yaml"), """
                apiVersion: stable.example.com/v1
                kind: CronTab
                metadata: {name: mine}
                spec: {cronSpec: daily}
                """);

        platform.kubectl("apply", "-f", definition.toString());
        platform.kubectl("wait", "--for=condition=Established", "crd/crontabs.stable.example.com");

        assertThat(platform.kubectl("apply", "-f", tab.toString()).output()).contains("mine created");
        assertThat(platform.kubectl("explain", "ct.spec.cronSpec").output()).contains("When it runs.");
        assertThat(platform.kubectl("get", "crd").output()).contains("trafficsplits.split.smi-spec.io");
    }

    @Test
    void bringsBackWhatWasBackedUp() {
        Path backup = folder.resolve("shop.backup");
        platform.kubectl("create", "configmap", "kept", "--from-literal=a=b");
        assertThat(platform.weft("backup", backup.toString()).output()).contains("resources written to");
        platform.kubectl("delete", "configmap", "kept");
        platform.kubectl("create", "configmap", "later", "--from-literal=a=b");

        WeftCommand.Result restored = platform.weft("restore", backup.toString());

        assertThat(restored.exitCode()).as(restored.output()).isZero();
        assertThat(platform.kubectl("get", "configmap", "-o", "name").output())
                .contains("configmap/kept")
                .doesNotContain("configmap/later");
        platform.awaitKubectl("2/2", "get", "deployment", "quote-v1");
    }

    @Test
    void saysWhichKindItDoesNotKnow() throws IOException {
        Path kind = Files.writeString(
                folder.resolve("kind.yaml"), "apiVersion: v1\nkind: Servce\nmetadata: {name: a, namespace: default}\n");
        Path version = Files.writeString(
                folder.resolve("version.yaml"),
                "apiVersion: serving.knative.dev/v7\nkind: Service\nmetadata: {name: b, namespace: default}\n");

        assertThat(platform.kubectl("apply", "-f", kind.toString()).output())
                .contains("\"a\"", kind.toString(), "no matches for kind \"Servce\" in version \"v1\"");
        assertThat(platform.kubectl("apply", "-f", version.toString()).output())
                .contains("\"b\"", "no matches for kind \"Service\" in version \"serving.knative.dev/v7\"");
        assertThat(platform.kubectl("apply", "--server-side", "-f", kind.toString())
                        .output())
                .contains("no matches for kind \"Servce\"");
    }

    @Test
    void saysAllThatIsWrongWithADocument() throws IOException {
        Path split = Files.writeString(folder.resolve("split.yaml"), """
                apiVersion: split.smi-spec.io/v1alpha4
                kind: TrafficSplit
                metadata: {name: wrong, namespace: default}
                spec:
                  servce: quote
                  backends: [{service: quote-v1, weight: 1}]
                """);

        assertThat(platform.kubectl("apply", "-f", split.toString()).output())
                .as("strictly, as kubectl asks by itself: as a cluster does, before anything else")
                .contains("strict decoding error: unknown field \"spec.servce\" (Did you mean service?)");
        assertThat(platform.kubectl("apply", "--validate=ignore", "-f", split.toString())
                        .output())
                .contains("spec.service is missing");
    }

    @Test
    void oneCommandGivesTheEdgeACertificateThatCurlTrustsAndTheNextOneAnother(TestReporter published) {
        awaitTheFirstCertificate();
        published.publishEntry(UNTIL_SHOWN, Long.toString(millisToTheNextCertificate()));
    }

    /** The best of three, as other programs can only make it later. */
    @Test
    @Tag("full")
    void theNextCertificateIsShownWithinFiveSeconds(TestReporter published) {
        awaitTheFirstCertificate();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3 && best >= 5_000; i++) {
            best = Math.min(best, millisToTheNextCertificate());
        }
        published.publishEntry(UNTIL_SHOWN, Long.toString(best));
        assertThat(best).as(UNTIL_SHOWN).isLessThan(5_000);
    }

    private void awaitTheFirstCertificate() {
        Tools.require("curl");
        assertThat(certificate()).contains("Secret default/example-tls", "curl --cacert " + data + "/authority/ca.crt");

        Eventually.holds(
                "an answer over HTTPS",
                Duration.ofSeconds(60),
                () -> platform.curl(data.resolve("authority/ca.crt"), "hello.default.example.com")
                        .startsWith("Hello"),
                () -> platform.curl(data.resolve("authority/ca.crt"), "hello.default.example.com") + "\n"
                        + platform.output());
    }

    private String certificate() {
        WeftCommand.Result made = platform.weft(
                "certificate", "example-tls", "--host", "*.example.com", "--host", "*.default.example.com");
        assertThat(made.exitCode()).as(made.output()).isZero();
        return made.output();
    }

    private long millisToTheNextCertificate() {
        String host = "hello.default.example.com";
        String before = platform.shownTo(host);
        assertThat(before).contains("BEGIN CERTIFICATE");
        assertThat(certificate()).contains("Secret default/example-tls");
        long start = System.nanoTime();
        Eventually.holds(
                "another certificate",
                Duration.ofSeconds(60),
                () -> !platform.shownTo(host).equals(before),
                () -> before);
        assertThat(platform.shownTo(host)).contains("BEGIN CERTIFICATE");
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    @Test
    void aKillLosesNothingAndLeavesNothingRunning() throws IOException {
        platform.awaitKubectl("2/2", "get", "deployment", "quote-v2");
        platform.kubectl("create", "configmap", "kept", "--from-literal=a=b");
        List<ProcessHandle> children = platform.children();
        assertThat(children).hasSizeGreaterThan(3);

        platform.kill();

        RunningPlatform.awaitGone(children);
        platform.close();
        platform = RunningPlatform.start(data);
        assertThat(platform.kubectl("get", "configmap", "kept", "-o", "yaml").output())
                .contains("a: b");
        assertThat(platform.kubectl("get", "ksvc", "hello").output()).contains("hello.default.example.com");
        platform.awaitKubectl("2/2", "get", "deployment", "quote-v2");
        assertThat(platform.stop()).isZero();
    }
}
