package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Knative services as their callers and their authors see them, through the real command and with real programs. */
final class ServingTests {

    private static final int AT_ONCE = 100;
    private static final String ZERO = "jsonpath={' '}{.status.actualReplicas}{' '}{.status.desiredReplicas}";

    @TempDir
    private static Path folder;

    private static RunningPlatform platform;

    @BeforeAll
    static void start() throws IOException {
        Path declared = Files.createDirectory(folder.resolve("declared"));
        Files.writeString(declared.resolve("services.yaml"), services());
        platform = RunningPlatform.start(folder.resolve("data"), declared);
        platform.awaitKubectl("True", "get", "ksvc", "limited");
    }

    @AfterAll
    static void stop() throws IOException {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void hundredRequestsAtOnceFromZeroAreAllAnsweredOneAtATimeInEachInstance() {
        awaitZero("limited");

        List<HttpResponse<String>> answers = atOnce("limited.default.example.com", AT_ONCE);

        assertThat(answers).hasSize(AT_ONCE).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).as("requests at once in its instance").isEqualTo("1");
        });
        assertThat(platform.weft("why-scale", "limited").output())
                .contains("10 by min or max scale")
                .contains("COLD START AT");
    }

    @Test
    void nothingIsLostOnTheWayToZeroAndBack() {
        cycles(3);
    }

    @Test
    @Tag("full")
    void nothingIsLostInTwelveCyclesToZeroAndBack() {
        cycles(12);
    }

    @Test
    void revisionThatEndsTellsItsExitCodeAndItsLastTwentyLines() {
        String why = why("exits");

        assertThat(why)
                .contains("exit code 7")
                .contains("line 11 of what it says")
                .contains("line 30 of what it says");
        assertThat(why).doesNotContain("line 10 of what it says");
    }

    @Test
    void revisionThatListensElsewhereTellsThePort() {
        assertThat(why("elsewhere")).contains("port 8080").contains("listens on port 8081 instead");
    }

    @Test
    void revisionWhoseFileIsMissingNamesIt() {
        assertThat(why("nofile")).contains("/no/such/program");
        assertThat(why("nojar")).contains("/no/such.jar does not exist");
        assertThat(why("noimage")).contains("image \"noimage\" has no LocalImage");
    }

    @Test
    void tagsDomainsAndVisibilityLeadWhereTheySay() {
        platform.awaitKubectl("True", "get", "domainmapping", "www.shop.example");
        assertThat(platform.get("www.shop.example", "/").statusCode()).isEqualTo(200);
        assertThat(platform.get("only-tagged.default.example.com", "/").statusCode())
                .isEqualTo(200);
        assertThat(tagged("nobody").statusCode())
                .as("a tag that nobody has means the shares")
                .isEqualTo(200);
        platform.awaitKubectl("True", "get", "ksvc", "inner");
        assertThat(platform.kubectl("get", "ksvc", "inner").output())
                .contains("http://inner.default.svc.cluster.local");
        for (String host : List.of("inner.default.example.com", "inner.default.svc.cluster.local", "inner.default")) {
            assertThat(platform.get(host, "/").statusCode()).as(host).isEqualTo(404);
        }
    }

    private void cycles(int count) {
        int lost = 0;
        for (int cycle = 0; cycle < count; cycle++) {
            awaitZero("sleepy");
            lost += (int) atOnce("sleepy.default.example.com", 5).stream()
                    .filter(answer -> answer.statusCode() != 200)
                    .count();
        }
        assertThat(lost).isZero();
    }

    private void awaitZero(String service) {
        platform.awaitKubectl(" 0 0", "get", "revision", service + "-00001", "-o", ZERO);
    }

    private String why(String service) {
        platform.awaitKubectl("False", "get", "ksvc", service);
        return platform.kubectl("get", "revision", service + "-00001", "-o", "jsonpath={.status.conditions[*].message}")
                .output();
    }

    private HttpResponse<String> tagged(String tag) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.sendAsync(
                            request("tagged.default.example.com")
                                    .header("Knative-Serving-Tag", tag)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .join();
        }
    }

    private List<HttpResponse<String>> atOnce(String host, int count) {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sent.add(client.sendAsync(request(host).build(), HttpResponse.BodyHandlers.ofString()));
            }
            return sent.stream().map(CompletableFuture::join).toList();
        }
    }

    private HttpRequest.Builder request(String host) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + platform.httpPort() + "/"))
                .header("Host", host);
    }

    private static String services() {
        StringBuilder yaml = new StringBuilder();
        for (String way : List.of("serve", "elsewhere", "exit")) {
            image(
                    yaml,
                    way,
                    "command: [%s, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -cp, %s, %s, %s]"
                            .formatted(
                                    Path.of(System.getProperty("java.home"), "bin", "java"),
                                    Path.of("target", "test-classes").toAbsolutePath(),
                                    ServingProgram.class.getName(),
                                    way));
        }
        image(yaml, "nofile", "command: [/no/such/program]");
        image(yaml, "nojar", "function: {jar: /no/such.jar, class: a.B}");
        service(yaml, "limited", "", "max-scale: '10'", "containerConcurrency: 1", "serve", "300");
        service(yaml, "sleepy", "", "min-scale: '0'", "containerConcurrency: 0", "serve", "5");
        service(yaml, "tagged", "", "min-scale: '1'", "containerConcurrency: 0", "serve", "0");
        service(
                yaml,
                "inner",
                "networking.knative.dev/visibility: cluster-local",
                "min-scale: '0'",
                "containerConcurrency: 0",
                "serve",
                "0");
        service(yaml, "exits", "", "min-scale: '0'", "containerConcurrency: 0", "exit", "0");
        for (String broken : List.of("elsewhere", "nofile", "nojar", "noimage")) {
            service(yaml, broken, "", "min-scale: '0'", "containerConcurrency: 0", broken, "0");
        }
        return yaml.append("""
                apiVersion: serving.knative.dev/v1beta1
                kind: DomainMapping
                metadata: {name: www.shop.example}
                spec: {ref: {apiVersion: serving.knative.dev/v1, kind: Service, name: tagged}}
                """).toString();
    }

    private static void image(StringBuilder yaml, String name, String spec) {
        yaml.append("""
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: %s}
                spec: {%s}
                ---
                """.formatted(name, spec));
    }

    private static void service(
            StringBuilder yaml,
            String name,
            String labels,
            String scale,
            String concurrency,
            String image,
            String millis) {
        String traffic = name.equals("tagged") ? "traffic: [{latestRevision: true, percent: 100, tag: only}]" : "";
        yaml.append("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: %s, labels: {%s}}
                spec:
                  template:
                    metadata:
                      annotations: {autoscaling.knative.dev/window: 6s, autoscaling.knative.dev/%s}
                    spec:
                      %s
                      containers: [{image: %s, env: [{name: MILLIS, value: "%s"}]}]
                  %s
                ---
                """.formatted(name, labels, scale, concurrency, image, millis, traffic));
    }
}
