package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes of all kinds beside each other: each gets one clear message, and what is right works all the same. */
final class MistakesTests {

    private static final String FUNCTION = """
            apiVersion: weft.dev/v1alpha1
            kind: LocalImage
            metadata: {name: %1$s}
            spec: %2$s
            ---
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: %1$s}
            spec:
              template:
                metadata:
                  annotations: {serving.knative.dev/progress-deadline: 5s}
                spec:
                  containers: [{image: %1$s}]
            """;

    @TempDir
    private static Path folder;

    private static Path files;
    private static RunningPlatform platform;

    @BeforeAll
    static void declareEverythingAtOnce() throws IOException {
        files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("broken.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [\n");
        Files.writeString(files.resolve("unknown.yaml"), "apiVersion: v1\nkind: Servce\nmetadata: {name: a}\n");
        Files.writeString(files.resolve("image.yaml"), """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: imageless}
                spec:
                  selector: {matchLabels: {app: imageless}}
                  template:
                    metadata: {labels: {app: imageless}}
                    spec:
                      containers:
                        - {name: main, image: "nobody/has-this:1"}
                """);
        Files.writeString(files.resolve("split.yaml"), """
                apiVersion: split.smi-spec.io/v1alpha4
                kind: TrafficSplit
                metadata: {name: lonely}
                spec:
                  service: nowhere
                  backends: [{service: nowhere-v2, weight: 1}]
                """);
        Files.writeString(files.resolve("crashes.yaml"), """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: crashes}
                spec: {command: [sh, -c, "echo luckless $$; exit 3"]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: crashes}
                spec:
                  selector: {matchLabels: {app: crashes}}
                  template:
                    metadata: {labels: {app: crashes}}
                    spec:
                      containers: [{name: main, image: crashes}]
                """);
        String broken = function("Nobody");
        Files.writeString(files.resolve("throws.yaml"), FUNCTION.formatted("throws", broken));
        Files.writeString(files.resolve("sleeps.yaml"), FUNCTION.formatted("sleeps", "{command: [sleep, \"1000\"]}"));
        Files.writeString(files.resolve("good.yaml"), FUNCTION.formatted("good", good()));
        platform = RunningPlatform.start(folder.resolve("data"), files);
    }

    private static String good() {
        return function("Hello");
    }

    private static String function(String name) {
        Path jar = WeftCommand.HOME.resolve("examples/faas/hello/target/hello-0.1.0-SNAPSHOT.jar");
        return "{function: {jar: %s, class: dev.weft.examples.hello.%s}}".formatted(jar, name);
    }

    @AfterAll
    static void stop() throws IOException {
        platform.close();
    }

    @Test
    void aYamlMistakeNamesFileLineAndColumn() {
        platform.awaitOutput("broken.yaml:4:1 ");
    }

    @Test
    void anUnknownKindNamesFileAndLineAndWhatWasMeant() {
        platform.awaitOutput("unknown.yaml:2:1 ");
        assertThat(platform.output()).contains("Servce", "Service");
    }

    @Test
    void aReferenceToNothingNamesItsPlaceInTheFile() {
        platform.awaitOutput("split.yaml:");
        assertThat(platform.output()).contains("TrafficSplit default/lonely");
    }

    @Test
    void aMissingImageIsToldOnTheTerminalWithTheLocalImageToWrite() {
        platform.awaitOutput("image.yaml:1:1 Deployment default/imageless: it does not work (ImageNotLocal): ");
        assertThat(platform.output()).contains("kind: LocalImage", "image: nobody/has-this:1");
    }

    @Test
    void aMissingImageIsToldByThePodToo() {
        Tools.require("kubectl");
        platform.awaitKubectl("ImageNotLocal", "get", "pods", "-l", "app=imageless");
        platform.awaitKubectl("kind: LocalImage", "get", "pods", "-l", "app=imageless", "-o", "yaml");
    }

    @Test
    void aFunctionThatFailsOnStartIsToldOnTheTerminalAndInItsStatus() {
        platform.awaitOutput("throws.yaml:6:1 Service default/throws: it does not work (ExitCode1): ");
        assertThat(platform.output())
                .contains("dev.weft.examples.hello.Nobody", "weft logs --data", "ksvc/throws prints all");
        Tools.require("kubectl");
        platform.awaitKubectl("status: \"False\"", "get", "ksvc", "throws", "-o", "yaml");
        platform.awaitKubectl("dev.weft.examples.hello.Nobody", "get", "ksvc", "throws", "-o", "yaml");
    }

    @Test
    void aFunctionThatNeverBecomesReadyIsToldOnTheTerminalAndInItsStatus() {
        platform.awaitOutput("sleeps.yaml:6:1 Service default/sleeps: it does not work (NotReady): ");
        Tools.require("kubectl");
        platform.awaitKubectl("status: \"False\"", "get", "ksvc", "sleeps", "-o", "yaml");
    }

    @Test
    void aProgramThatCrashesAgainAndAgainIsToldOnce() {
        Tools.require("kubectl");
        platform.awaitOutput("crashes.yaml:6:1 Deployment default/crashes: it does not work (ExitCode3): ");
        platform.awaitKubectl("CrashLoopBackOff", "get", "pods", "-l", "app=crashes");

        assertThat(platform.output()).containsOnlyOnce("Deployment default/crashes");
        assertThat(platform.output()).contains("luckless", "deploy/crashes prints all");
    }

    @Test
    void whatIsMendedIsToldToo() throws IOException {
        Path file = files.resolve("mended.yaml");
        Files.writeString(file, FUNCTION.formatted("mended", "{command: [sh, -c, \"exit 4\"]}"));
        platform.awaitOutput("mended.yaml:6:1 Service default/mended: it does not work (ExitCode4): ");

        Files.writeString(file, FUNCTION.formatted("mended", good()).replace("5s", "60s"));

        platform.awaitOutput("mended.yaml:6:1 Service default/mended works again.");
    }

    @Test
    void whatIsRightWorksBesideAllThat() {
        Tools.require("kubectl");
        platform.awaitKubectl("True", "get", "ksvc", "good");
        assertThat(platform.get("good.default.localhost", "/").body()).startsWith("Hello World!");
    }
}
