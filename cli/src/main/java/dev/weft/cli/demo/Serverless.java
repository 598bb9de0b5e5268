package dev.weft.cli.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Statements 1 to 4 and 10: the platform comes up, the function goes to zero and back. Counts what it sends to hello. */
final class Serverless {

    private static final Duration UP_LIMIT = Duration.ofSeconds(15);
    private static final Duration READY_LIMIT = Duration.ofSeconds(20);
    private static final Duration ZERO_LIMIT = Duration.ofSeconds(20);
    private static final int WARM = 250;
    private static final String PODS = "serving.knative.dev/service=hello";

    private final Stage stage;
    private final AtomicInteger sentToHello = new AtomicInteger();

    Serverless(Stage stage) {
        this.stage = stage;
    }

    /** Requests for hello so far, by everybody in the demonstration. */
    int sentToHello() {
        return sentToHello.get();
    }

    void sent(int requests) {
        sentToHello.addAndGet(requests);
    }

    /** 1. The edge answers, whatever it says: for a host that nobody declared it says so itself. */
    String up() {
        Answer first = Await.until(
                "an answer from the edge",
                UP_LIMIT,
                () -> {
                    NotHeld.unless(
                            stage.platform().isAlive(),
                            "weft up to run",
                            stage.platform().output());
                    return tryEdge();
                },
                () -> stage.platform().output());
        double millis = (System.nanoTime() - stage.platform().startedNanos()) / 1e6;
        NotHeld.unless(first.header("weft-error").equals("host-unknown"), "weft-error: host-unknown", first.toString());
        return ms(millis) + " from process start until the edge answered; pods "
                + stage.platform().pods();
    }

    /** 2. One instance was started and probed, then none is left. */
    String readyThenZero() {
        Instant from = Instant.now();
        JsonNode ready = Await.until(
                "Knative Service hello Ready",
                READY_LIMIT,
                () -> Optional.of(stage.knative("services", "hello"))
                        .filter(service -> condition(service, "Ready").equals("True")),
                () -> stage.knative("services", "hello").path("status") + "\n"
                        + stage.platform().output());
        Duration untilReady = Duration.between(from, Instant.now());
        String revision = ready.at("/status/latestReadyRevisionName").asString("");
        int started = started(revision);
        NotHeld.unless(started == 1, "one instance of " + revision + " started until it was Ready", started);
        awaitZero();
        return "revision %s Ready %s after the edge, with %d instance started and probed; zero instances %s later"
                .formatted(
                        revision,
                        seconds(untilReady),
                        started,
                        seconds(Duration.between(from, Instant.now()).minus(untilReady)));
    }

    /** 3. From zero, with the certificate of the Host checked against the authority made for this run. */
    String coldStart() {
        NotHeld.unless(pods() == 0, "zero instances of hello before the request", pods());
        Target https = stage.https(Stage.HOST);
        Instant from = Instant.now();
        Answer answer = stage.get(https, "/");
        sent(1);
        NotHeld.unless(
                answer.status() == 200 && answer.body().startsWith("Hello Weft!"),
                "200 Hello Weft!",
                answer + "\n" + stage.platform().output());
        JsonNode start = stage.api()
                .get("/weft/v1/activations/default/"
                        + stage.knative("services", "hello")
                                .at("/status/latestReadyRevisionName")
                                .asString(""));
        JsonNode newest =
                start.path("activations").path(start.path("activations").size() - 1);
        NotHeld.unless(
                !Instant.parse(newest.path("wanted").asString(Instant.EPOCH.toString()))
                        .isBefore(from),
                "a cold start that this request asked for",
                start);
        double waiting = millis(newest, "wanted", "processStarted");
        double starting = millis(newest, "processStarted", "ended");
        return "\"%s\" in %s: waiting %s, starting %s, answering %s"
                .formatted(
                        answer.body().strip(),
                        ms(answer.millis()),
                        ms(waiting),
                        ms(starting),
                        ms(answer.millis() - waiting - starting));
    }

    /** 4. The same connection kind, warm. */
    String warm() {
        StringBuilder text = new StringBuilder();
        for (Target target : List.of(stage.http(Stage.HOST), stage.https(Stage.HOST))) {
            Load.Result result = Load.send(target, "/", 2, WARM);
            sent(result.sent());
            result.allAnswered();
            text.append(text.isEmpty() ? "" : "; ")
                    .append("%s %d requests, p50 %s, p99 %s"
                            .formatted(
                                    target.scheme(), result.sent(), ms(result.millis(0.5)), ms(result.millis(0.99))));
        }
        return text.toString();
    }

    /** 10. */
    String backToZero() {
        Instant from = Instant.now();
        int before = pods();
        NotHeld.unless(before > 0, "instances of hello that can go", before);
        awaitZero();
        return "from %d instances to 0 in %s without a request"
                .formatted(before, seconds(Duration.between(from, Instant.now())));
    }

    private void awaitZero() {
        Await.until("zero instances of hello", ZERO_LIMIT, () -> pods() == 0, this::pods);
    }

    /** How many instances of the revision events tell of; on a slow machine the first may be gone already. */
    private int started(String revision) {
        int started = 0;
        for (JsonNode event :
                stage.api().get("/api/v1/namespaces/default/events").path("items")) {
            boolean ofRevision = event.at("/involvedObject/name").asString("").startsWith(revision + "-deployment-");
            started += ofRevision && event.path("reason").asString("").equals("Started") ? 1 : 0;
        }
        return started;
    }

    private int pods() {
        return stage.pods(PODS).size();
    }

    private Optional<Answer> tryEdge() {
        try (Connection connection = new Connection(stage.http("nobody.invalid"))) {
            return Optional.of(connection.get("/"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static String condition(JsonNode resource, String type) {
        for (JsonNode condition : resource.at("/status/conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition.path("status").asString("");
            }
        }
        return "";
    }

    private static double millis(JsonNode activation, String from, String to) {
        Instant start = Instant.parse(activation.path(from).asString());
        Instant end = Instant.parse(activation.path(to).asString());
        return Duration.between(start, end).toNanos() / 1e6;
    }

    static String ms(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }
}
