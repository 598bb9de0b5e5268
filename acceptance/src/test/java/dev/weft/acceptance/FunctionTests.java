package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From nothing to a function that answers, as a newcomer with a JDK does it. */
final class FunctionTests {

    @TempDir
    private static Path folder;

    private static RunningPlatform platform;

    @BeforeAll
    static void start() {
        platform = RunningPlatform.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() throws IOException {
        platform.close();
    }

    @Test
    void aNewFunctionIsDeployedAnswersAndIsDeleted() {
        created("java", "function", "hello");
        WeftCommand.Result deployed = platform.weft("fn", "deploy", "-p", folder("hello"));
        assertThat(deployed.output()).contains("Ready to serve.", "http://hello.default.example.com");
        assertThat(invoke("hello").output()).contains("{\"message\":\"Hello World\",\"length\":11}");
        assertThat(platform.weft("fn", "list").output())
                .containsPattern("hello +default +java +http://hello\\S+ +True");
        Eventually.holds(
                "its first word, which may come after its first answer",
                Duration.ofSeconds(60),
                () -> platform.weft("fn", "logs", "hello").output().contains("listening on 8080"),
                platform::output);
        assertThat(platform.weft("fn", "delete", "hello").output()).contains("deleted");
        assertThat(platform.weft("fn", "list").output()).doesNotContain("hello ");
    }

    @Test
    void aCompileErrorNamesItsPlaceAndTheRevisionBeforeGoesOn() throws IOException {
        created("java", "http", "echo");
        assertThat(platform.weft("fn", "deploy", "-p", folder("echo")).exitCode())
                .isZero();
        Path source = folder.resolve("echo/src/function/Function.java");
        Files.writeString(source, Files.readString(source).replace("String body", "Strin body"));
        WeftCommand.Result broken = platform.weft("fn", "deploy", "-p", folder("echo"));
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.output()).contains("src/function/Function.java:12:", "the sources do not compile");
        assertThat(invoke("echo").output()).contains("POST / {\"message\":\"Hello World\"}");
    }

    @Test
    void aJavaScriptFunctionAnswersWhereNodeIs() {
        Tools.require("node");
        created("node", "http", "script");
        assertThat(platform.weft("fn", "deploy", "-p", folder("script")).exitCode())
                .isZero();
        assertThat(invoke("script").output()).contains("\"message\":\"Hello World\"");
    }

    @Test
    void aSavedSourceIsANewRevisionAndAKeyGoesBack() throws Exception {
        created("java", "function", "live");
        Path source = folder.resolve("live/src/function/Function.java");
        Process dev = WeftCommand.builder(
                        folder,
                        WeftCommand.command(
                                "dev",
                                folder("live"),
                                "--data",
                                folder.resolve("data").toString()))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        try {
            platform.await("the first", log(), "live-00001 serves");
            Files.writeString(source, Files.readString(source).replace("input.message()", "inputt.message()"));
            platform.await("the error", log(), "live-00001 goes on");
            assertThat(said()).contains("src/function/Function.java:12:");
            Files.writeString(source, Files.readString(source).replace("inputt.message(),", "\"second\","));
            Files.writeString(source, Files.readString(source).replace("inputt", "input"));
            platform.await("the second", log(), "live-00002 serves");
            assertThat(invoke("live").output()).contains("second");
            dev.getOutputStream().write("r\n".getBytes(StandardCharsets.UTF_8));
            dev.getOutputStream().flush();
            platform.await("the first again", log(), "rolled back: live-00001");
            assertThat(invoke("live").output()).contains("Hello World");
        } finally {
            dev.destroy();
            dev.waitFor();
        }
    }

    private static Path log() {
        return folder.resolve("dev.log");
    }

    private static String said() throws IOException {
        return Files.readString(log());
    }

    private static void created(String language, String template, String name) {
        WeftCommand.Result created = WeftCommand.weft("fn", "new", "-l", language, "-t", template, folder(name));
        assertThat(created.output()).contains("Created " + language + " function");
    }

    private static WeftCommand.Result invoke(String name) {
        return platform.weft("fn", "invoke", name, "--edge-port", Integer.toString(platform.httpPort()));
    }

    private static String folder(String name) {
        return folder.resolve(name).toString();
    }
}
