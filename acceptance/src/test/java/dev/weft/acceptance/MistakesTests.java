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

    private static RunningPlatform platform;

    @BeforeAll
    static void declareEverythingAtOnce() throws IOException {
        Path files = Files.createDirectory(folder.resolve("files"));
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
        Path jar = WeftCommand.HOME.resolve("examples/faas/hello/target/hello-0.1.0-SNAPSHOT.jar");
        String broken = "{function: {jar: %s, class: dev.weft.examples.hello.Nobody}}".formatted(jar);
        Files.writeString(files.resolve("throws.yaml"), FUNCTION.formatted("throws", broken));
        Files.writeString(files.resolve("sleeps.yaml"), FUNCTION.formatted("sleeps", "{command: [sleep, \"1000\"]}"));
        String good = "{function: {jar: %s, class: dev.weft.examples.hello.Hello}}".formatted(jar);
        Files.writeString(files.resolve("good.yaml"), FUNCTION.formatted("good", good));
        platform = RunningPlatform.start(folder.resolve("data"), files);
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
    void aMissingImageIsToldByThePodWithTheLocalImageToWrite() {
        Tools.require("kubectl");
        platform.awaitKubectl("ImageNotLocal", "get", "pods", "-l", "app=imageless");
        platform.awaitKubectl("kind: LocalImage", "get", "pods", "-l", "app=imageless", "-o", "yaml");
    }

    @Test
    void aFunctionThatFailsOnStartSaysSoInItsStatus() {
        Tools.require("kubectl");
        platform.awaitKubectl("status: \"False\"", "get", "ksvc", "throws", "-o", "yaml");
        platform.awaitKubectl("dev.weft.examples.hello.Nobody", "get", "ksvc", "throws", "-o", "yaml");
    }

    @Test
    void aFunctionThatNeverBecomesReadySaysSoInItsStatus() {
        Tools.require("kubectl");
        platform.awaitKubectl("status: \"False\"", "get", "ksvc", "sleeps", "-o", "yaml");
    }

    @Test
    void whatIsRightWorksBesideAllThat() {
        Tools.require("kubectl");
        platform.awaitKubectl("True", "get", "ksvc", "good");
        assertThat(platform.get("good.default.localhost", "/").body()).startsWith("Hello World!");
    }
}
