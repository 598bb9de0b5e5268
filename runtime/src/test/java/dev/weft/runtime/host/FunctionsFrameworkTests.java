package dev.weft.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.functions.HttpFunction;
import io.cloudevents.CloudEvent;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same functions here and in Google's own java-function-invoker: the same requests have the same answers. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FunctionsFrameworkTests {

    private static final int EACH = 40; // of five kinds
    private static final List<String> NOT_COMPARED = List.of("date", "server", "connection");
    private static final List<String> WORDS = List.of("tea", "fail", "odd", "\u00e4\u20ac", "<b>", "it's & so=on", "");

    private final Random random = new Random(42);
    private final List<Process> processes = new ArrayList<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        client.close();
    }

    @Test
    void httpFunctionsAnswerAsTheyDoThere() throws Exception {
        compare(Google.Http.class, "http", this::http);
    }

    @Test
    void typedFunctionsAnswerAsTheyDoThere() throws Exception {
        compare(Google.Typed.class, "typed", this::typed);
    }

    @Test
    void functionsOfCloudEventsAnswerAsTheyDoThere() throws Exception {
        compare(Google.Events.class, "cloudevent", this::event);
    }

    @Test
    void rawBackgroundFunctionsAnswerAsTheyDoThere() throws Exception {
        compare(Google.Raw.class, "event", this::older);
    }

    @Test
    void backgroundFunctionsAnswerAsTheyDoThere() throws Exception {
        compare(Google.Background.class, "event", this::older);
    }

    private interface Requests {
        HttpRequest.Builder next(URI base);
    }

    private void compare(Class<?> function, String signature, Requests requests) throws Exception {
        URI base = URI.create("http://placeholder/");
        int here = start(
                List.of("-cp", hostClasses(), "dev.weft.runtime.host.FunctionHost", classes(), function.getName()),
                Map.of());
        int there = start(
                List.of(
                        "-cp",
                        place(Class.forName("com.google.cloud.functions.invoker.runner.Invoker")),
                        "com.google.cloud.functions.invoker.runner.Invoker",
                        "--classpath",
                        classes(),
                        "--target",
                        function.getName()),
                Map.of("FUNCTION_SIGNATURE_TYPE", signature));
        for (int i = 0; i < EACH; i++) {
            HttpRequest request = requests.next(base).build();
            String told = request.method() + " " + request.uri() + " " + request.headers() + " number " + i;
            assertThat(answer(request, here)).as(told).isEqualTo(answer(request, there));
        }
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private HttpRequest.Builder http(URI base) {
        List<String> paths = List.of("", "a/b", "a%20b?x=1&y=a+b&x=2", "?q", "favicon.ico", "robots.txt", "?e=%C3%A4");
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(paths.get(random.nextInt(paths.size()))));
        if (random.nextBoolean()) {
            request.header("X-Own", "value");
        }
        if (random.nextBoolean()) {
            request.header("Content-Type", "text/plain; charset=utf-8");
        }
        List<String> methods = List.of("POST", "PUT", "GET", "DELETE", "PATCH");
        String method = methods.get(random.nextInt(methods.size()));
        return request.method(
                method,
                method.equals("GET") || method.equals("DELETE")
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString("body " + word()));
    }

    private HttpRequest.Builder typed(URI base) {
        List<String> bodies = List.of(
                "{\"item\":\"%s\",\"count\":%d}".formatted(word(), random.nextInt(3)),
                "{\"numbers\":[1,2,3],\"more\":{\"a\":1,\"b\":[1.5,null],\"c\":\"%s\"}}".formatted(word()),
                "{\"item\": \"x\", \"unknown\": {\"deep\": []}}",
                "[1]",
                "{\"count\":\"7\"}",
                "{\"count\":\"seven\"}");
        return HttpRequest.newBuilder(base)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(bodies.get(random.nextInt(bodies.size()))));
    }

    private HttpRequest.Builder event(URI base) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base);
        String data = "{\"item\":\"%s\"}".formatted(word());
        if (random.nextBoolean()) {
            String left = random.nextInt(5) == 0 ? "" : "\"type\":\"t\",";
            return request.header("Content-Type", "application/cloudevents+json")
                    .POST(BodyPublishers.ofString(
                            "{\"specversion\":\"1.0\",\"id\":\"1\",%s\"source\":\"/s\",\"own\":\"x\",\"data\":%s}"
                                    .formatted(left, data)));
        }
        request.header("ce-specversion", "1.0").header("ce-source", "/s").header("Content-Type", "application/json");
        if (random.nextInt(5) > 0) {
            request.header("ce-id", "1");
        }
        return request.header("ce-type", "t").header("ce-own", "%C3%A4").POST(BodyPublishers.ofString(data));
    }

    private HttpRequest.Builder older(URI base) {
        List<String> bodies = List.of(
                "{\"data\":{\"item\":\"%s\"},\"context\":{\"eventId\":\"1\",\"eventType\":\"t\",\"timestamp\":\"x\",\"resource\":\"r\"}}"
                        .formatted(word()),
                "{\"data\":{\"count\":2},\"eventId\":\"1\",\"eventType\":\"fail\",\"timestamp\":\"x\",\"resource\":\"r\"}",
                "no event");
        return HttpRequest.newBuilder(base)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(bodies.get(random.nextInt(bodies.size()))));
    }

    private String answer(HttpRequest request, int port) throws Exception {
        URI uri = URI.create(request.uri().toString().replace("placeholder", "127.0.0.1:" + port));
        HttpRequest.Builder sent = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .method(request.method(), request.bodyPublisher().orElse(BodyPublishers.noBody()));
        request.headers().map().forEach((name, values) -> values.forEach(value -> sent.header(name, value)));
        HttpResponse<byte[]> answer = client.send(sent.build(), BodyHandlers.ofByteArray());
        Map<String, List<String>> headers = new TreeMap<>();
        answer.headers().map().forEach((name, values) -> {
            if (!NOT_COMPARED.contains(name)) {
                headers.put(
                        name, values.stream().map(each -> each.replace(" ", "")).toList());
            }
        });
        return answer.statusCode() + " " + headers + " " + new String(answer.body(), StandardCharsets.ISO_8859_1);
    }

    /** Starts it on a free port and waits until it serves. */
    private int start(List<String> words, Map<String, String> environment) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dweft.interfaces=" + place(HttpFunction.class) + File.pathSeparator + place(CloudEvent.class));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("PORT", Integer.toString(port));
        Process process = builder.start();
        processes.add(process);
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        StringBuilder said = new StringBuilder();
        while (line != null && !line.contains("listening on") && !line.contains("Serving function")) {
            said.append(line).append('\n');
            line = output.readLine();
        }
        assertThat(line).as(said.toString()).isNotNull();
        Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
        awaitListening(port);
        return port;
    }

    private void awaitListening(int port) throws Exception {
        for (int i = 0; i < 600; i++) {
            try {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/robots.txt"))
                                .build(),
                        BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(50_000_000);
            }
        }
        throw new AssertionError("nothing answers on port " + port);
    }

    /** Below those that the kernel gives to whoever asks for any, so that nobody gets it in between. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket _ = new ServerSocket(port)) {
                return port;
            } catch (IOException _) {
                // taken: another one
            }
        }
    }

    private static String classes() throws URISyntaxException {
        return place(Google.class);
    }

    private static String hostClasses() throws URISyntaxException {
        return place(FunctionHost.class);
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
