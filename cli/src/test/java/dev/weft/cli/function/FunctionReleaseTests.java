package dev.weft.cli.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Kubeconfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a release asks of an API that answers as it is told. */
class FunctionReleaseTests {

    private static final String IMAGES = "/apis/weft.dev/v1alpha1/localimages";
    private static final String SERVING = "/apis/serving.knative.dev/v1/namespaces/default";
    private static final String IMAGE = """
            {"metadata":{"name":"%s","labels":{"function.knative.dev/name":"%s","function.knative.dev/namespace":"default"}},
             "spec":{"command":["java","-cp","%s"]}}""";
    private static final String SERVICE = """
            {"metadata":{"generation":1},"status":{"observedGeneration":1,"latestReadyRevisionName":"%s",
             "conditions":[{"type":"Ready","status":"%s","message":"said"}]}}""";

    @TempDir
    private Path folder;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> deleted = new CopyOnWriteArrayList<>();
    private final List<String> patched = new CopyOnWriteArrayList<>();
    private final StringWriter said = new StringWriter();
    private final PrintWriter out = new PrintWriter(said, true);
    private final HttpServer api;
    private final ApiClient client;

    FunctionReleaseTests() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        client = new ApiClient(
                new Kubeconfig("http://127.0.0.1:" + api.getAddress().getPort(), "", "token"));
    }

    @BeforeEach
    void start() {
        answers.put(IMAGES, "{\"items\":[]}");
        answers.put(SERVING + "/revisions", "{\"items\":[]}");
        api.start();
    }

    @AfterEach
    void stop() {
        api.stop(0);
    }

    @Test
    void whatNoRevisionNamesIsDeletedAfterARelease() throws IOException {
        Path builds = folder.resolve(".func/builds");
        for (String name :
                List.of("old", "shared", "named", "fresh", "others", "next-999999999", "next-1", "unknown")) {
            Files.createDirectories(builds.resolve(name).resolve("inside"));
        }
        Build.Built built = new Build.Built.Command("3", List.of("run"), folder);
        answers.put(
                IMAGES,
                "{\"items\":["
                        + String.join(
                                ",",
                                IMAGE.formatted(
                                        "fn-default-shop-1",
                                        "shop",
                                        builds.resolve("old") + ":" + builds.resolve("shared")),
                                IMAGE.formatted(
                                        "fn-default-shop-2",
                                        "shop",
                                        builds.resolve("named") + ":" + builds.resolve("shared")),
                                IMAGE.formatted("fn-default-shop-3", "shop", builds.resolve("fresh")),
                                IMAGE.formatted("fn-default-till-1", "till", builds.resolve("others")))
                        + "]}");
        answers.put(
                SERVING + "/revisions",
                "{\"items\":[{\"spec\":{\"containers\":[{\"image\":\"fn-default-shop-2\"}]}}]}");
        Files.writeString(folder.resolve("func.yaml"), "name: shop\nruntime: java\n");
        FuncYaml yaml = FuncYaml.read(folder);
        new Release(client, out, new Documents(yaml, "default", _ -> ""), "default", "shop").clean(built, folder);
        assertThat(deleted).containsExactly(IMAGES + "/fn-default-shop-1");
        try (var left = Files.list(builds)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("shared", "named", "fresh", "others", "next-1", "unknown");
        }
    }

    @Test
    void aRollBackThatFailsCanBeAskedForAgain() {
        Templates.write("hello", "java", "function", folder, Path.of(""));
        Dev dev = new Dev();
        new CommandLine(dev).setErr(out).parseArgs("-n", "default", folder.toString());
        for (String revision : List.of("hello-1", "hello-2")) {
            answers.put(SERVING + "/services/hello", SERVICE.formatted(revision, "True"));
            dev.attempt(client, out);
        }
        answers.put(SERVING + "/services/hello", SERVICE.formatted("hello-2", "False"));
        dev.rollBack(client, out);
        assertThat(said.toString()).contains("it does not start: said");
        answers.put(SERVING + "/services/hello", SERVICE.formatted("hello-2", "True"));
        dev.rollBack(client, out);
        assertThat(said.toString()).contains("rolled back: hello-1 serves");
        dev.rollBack(client, out);
        assertThat(said.toString()).contains("there is no revision before hello-1");
    }

    @Test
    void devDeploysToTheNamespaceThatIsSaid() {
        Templates.write("hello", "java", "function", folder, Path.of(""));
        String service = "/apis/serving.knative.dev/v1/namespaces/shop/services/hello";
        answers.put(service, SERVICE.formatted("hello-1", "True"));
        answers.put("/apis/serving.knative.dev/v1/namespaces/shop/revisions", "{\"items\":[]}");
        Dev dev = new Dev();
        new CommandLine(dev).setErr(out).parseArgs("-n", "shop", folder.toString());
        dev.attempt(client, out);
        assertThat(patched).last().isEqualTo(service);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestMethod().equals("DELETE")) {
            deleted.add(path);
        } else if (exchange.getRequestMethod().equals("PATCH")) {
            patched.add(path);
        }
        byte[] body = answers.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
