package dev.weft.cli.demo;

import dev.weft.cli.authority.LocalAuthority;
import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.platform.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where the demonstration plays: a folder and ports of its own, one platform, and the means that any user of it has. What
 * it starts and makes is gone after {@link #close}, which is safe to call twice and from a shutdown hook.
 */
final class Stage implements AutoCloseable {

    static final String HOST = "hello.default.example.com";

    private static final Duration API_LIMIT = Duration.ofSeconds(10);

    private final Path home;
    private final Path folder;
    private final List<Integer> ports = Ports.free(4);
    private final SSLContext trust;
    private final ChildPlatform platform;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable ApiClient api;

    private Stage(Path home, Path folder, LocalAuthority authority) throws IOException {
        this.home = home;
        this.folder = folder;
        this.trust = authority.trusting();
        Path secret = folder.resolve("certificate.yaml");
        Files.writeString(
                secret,
                authority.secretYaml(
                        "default", "example-tls", List.of(HOST, "*.example.com", "*.default.example.com")));
        this.platform = ChildPlatform.start(home, folder, List.of(home.resolve("examples/faas"), secret), ports);
    }

    /** Makes the folder and starts the platform in it; returns while that still comes up. */
    static Stage open(Path home) {
        try {
            return new Stage(home, Files.createTempDirectory("weft-demo-"), LocalAuthority.passing());
        } catch (IOException e) {
            throw Refusal.impossible("the demonstration could not be set up: " + e);
        }
    }

    Path home() {
        return home;
    }

    Path data() {
        return folder.resolve("data");
    }

    ChildPlatform platform() {
        return platform;
    }

    Target http(String host) {
        return new Target(ports.get(0), host, Optional.empty());
    }

    Target https(String host) {
        return new Target(ports.get(1), host, Optional.of(trust));
    }

    /** The API; the platform writes its kubeconfig when it is up, a moment after the edge answers. */
    ApiClient api() {
        ApiClient known = api;
        if (known == null) {
            Path kubeconfig = data().resolve("kubeconfig");
            Await.until("a kubeconfig", API_LIMIT, () -> Files.exists(kubeconfig), platform::output);
            known = ApiClient.of(data());
            api = known;
        }
        return known;
    }

    JsonNode knative(String plural, String name) {
        return api().find("/apis/serving.knative.dev/v1/namespaces/default/" + plural + "/" + name);
    }

    /** Pods with this label, those that end left out. */
    List<JsonNode> pods(String selector) {
        List<JsonNode> pods = new java.util.ArrayList<>();
        api().get("/api/v1/namespaces/default/pods?labelSelector=" + selector)
                .path("items")
                .forEach(pod -> {
                    if (pod.at("/metadata/deletionTimestamp").isMissingNode()) {
                        pods.add(pod);
                    }
                });
        return pods;
    }

    void patch(String path, String merge) {
        api().send("PATCH", path, "application/merge-patch+json", merge);
    }

    /** One request on a connection of its own. */
    Answer get(Target target, String path) {
        try (Connection connection = new Connection(target)) {
            return connection.get(path);
        } catch (IOException e) {
            throw new NotHeld("an answer from " + target.scheme() + " " + target.host() + path, e.toString());
        }
    }

    /** Runs {@code ./weft} with these arguments and the demonstration's data directory; what it printed. */
    String command(String... arguments) {
        List<String> words = new java.util.ArrayList<>();
        words.add(home.resolve("weft").toString());
        words.addAll(List.of(arguments));
        words.addAll(List.of("--data", data().toString()));
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().put("WEFT_BUILD", "never");
            Process process = builder.start();
            String printed =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            int code = process.waitFor();
            NotHeld.unless(code == 0, "exit code 0 of weft " + String.join(" ", arguments), code + ": " + printed);
            return printed;
        } catch (IOException e) {
            throw new NotHeld("a run of weft " + arguments[0], e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotHeld("a whole run", "an interruption");
        }
    }

    /** Throws unless everything that the platform had started is gone when it has ended. */
    void end() {
        List<ProcessHandle> children = ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .toList();
        int code = platform.stop();
        NotHeld.unless(code == 0, "exit code 0 of weft up after its stop", code + "\n" + platform.output());
        Await.until(
                "no process of the platform",
                Duration.ofSeconds(5),
                () -> children.stream().noneMatch(ProcessHandle::isAlive),
                () -> children.stream()
                        .filter(ProcessHandle::isAlive)
                        .map(child -> child.pid() + " " + child.info().command().orElse(""))
                        .toList());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        platform.stop();
        children.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(Stage::delete);
        } catch (IOException e) {
            System.err.println("weft: " + folder + " could not be removed: " + e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.err.println("weft: " + path + " could not be removed: " + e);
        }
    }
}
