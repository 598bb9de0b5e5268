package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "invoke",
        description = "Calls a function through the edge, and prints its answer.",
        footer = {
            "",
            "Examples:",
            "  weft fn invoke hello",
            "  weft fn invoke hello --body '{\"message\": \"hi\"}' --format cloudevent",
            "  weft fn invoke --target http://127.0.0.1:8080   one that weft fn run serves"
        })
final class FnInvoke implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** As the command line writes them. */
    @SuppressWarnings("UnusedVariable") // the command line names them
    private enum Format {
        http,
        cloudevent
    }

    private enum Method {
        POST,
        GET
    }

    @Mixin
    private final DeployedOption function = new DeployedOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Option(
            names = "--body",
            paramLabel = "TEXT",
            defaultValue = "{\"message\":\"Hello World\"}",
            description = "What is sent (default: ${DEFAULT-VALUE}).")
    private String body = "";

    @Option(names = "--file", paramLabel = "FILE", description = "Send a file in its place.")
    private @Nullable Path file;

    @Option(
            names = "--content-type",
            paramLabel = "TYPE",
            defaultValue = "application/json",
            description = "Its media type (default: ${DEFAULT-VALUE}).")
    private String contentType = "";

    @Option(
            names = {"-f", "--format"},
            description = "${COMPLETION-CANDIDATES} (default: what func.yaml says in invoke, else http).")
    private @Nullable Format format;

    @Option(
            names = "--source",
            defaultValue = "/boson/fn",
            description = "The event's source (default: ${DEFAULT-VALUE}).")
    private String source = "";

    @Option(names = "--type", defaultValue = "boson.fn", description = "The event's type (default: ${DEFAULT-VALUE}).")
    private String type = "";

    @Option(
            names = "--request-type",
            defaultValue = "POST",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Method method = Method.POST;

    @Option(names = "--target", paramLabel = "URL", description = "Call this in the function's place.")
    private @Nullable URI target;

    @Option(names = "--edge-port", defaultValue = "8080", description = "The edge's port (default: ${DEFAULT-VALUE}).")
    private int edgePort = 8080;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        byte[] bytes = content();
        URI uri = target;
        if (uri != null) {
            check(uri);
        } else { // the edge knows the name, and nobody has to resolve it
            uri = address();
            builder.proxy(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), edgePort)));
        }
        try (HttpClient client = builder.build()) {
            HttpResponse<String> answer = client.send(request(uri, bytes), BodyHandlers.ofString());
            Optional<String> code = answer.headers().firstValue("weft-error");
            if (!answer.body().isEmpty()) {
                out.print(answer.body().endsWith("\n") ? answer.body() : answer.body() + System.lineSeparator());
            }
            if (answer.statusCode() >= 400) {
                throw Refusal.failed("the answer has status " + answer.statusCode()
                        + code.map(word -> "; weft explain " + word + " says why")
                                .orElse(""));
            }
            return 0;
        } catch (IOException e) {
            throw Refusal.failed("no answer from " + uri + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted");
        }
    }

    private URI address() {
        String name = function.name();
        String path = "/apis/serving.knative.dev/v1/namespaces/" + function.namespace() + "/services/" + name;
        String url = api.client().get(path).at("/status/url").asString("");
        if (url.isEmpty()) {
            throw Refusal.failed(name + " has no address yet; weft fn list says how it stands");
        }
        return URI.create(url.endsWith("/") ? url : url + "/");
    }

    private byte[] content() {
        try {
            return file == null ? body.getBytes(StandardCharsets.UTF_8) : Files.readAllBytes(file);
        } catch (IOException e) {
            throw Refusal.impossible("--file " + file + " cannot be read: " + e);
        }
    }

    private static void check(URI target) {
        String scheme = String.valueOf(target.getScheme());
        if (target.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw Refusal.impossible("--target " + target + " (expected: http://HOST or https://HOST)");
        }
    }

    private HttpRequest request(URI uri, byte[] bytes) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
        boolean event = format == null ? declared().equals("cloudevent") : format == Format.cloudevent;
        if (event) {
            request.header("ce-specversion", "1.0")
                    .header("ce-id", UUID.randomUUID().toString())
                    .header("ce-source", source)
                    .header("ce-type", type);
        }
        if (method == Method.GET) {
            return request.GET().build();
        }
        return request.header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(bytes))
                .build();
    }

    private String declared() {
        ProjectOption project = function.project();
        boolean own = Files.exists(project.folder().resolve(FuncYaml.FILE));
        return own ? project.yaml().text("/invoke") : "";
    }
}
