package dev.weft.cli.demo;

import static dev.weft.cli.demo.Serverless.ms;
import static dev.weft.cli.demo.Serverless.seconds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Statements 7 and 9: the split of quote changes under load, and an instance of it dies under load. */
final class Traffic {

    private static final String SPLIT = "/apis/split.smi-spec.io/v1alpha4/namespaces/default/trafficsplits/quote";
    private static final String VERSION_1 = "quote v1";
    private static final String VERSION_2 = "quote v2";
    private static final Duration EFFECT_LIMIT = Duration.ofSeconds(5);
    private static final int CANARY = 2_000;
    private static final double SHARE_POINTS = 2.5;
    private static final int CLIENTS = 4;

    private final Stage stage;
    private final Serverless serverless;

    Traffic(Stage stage, Serverless serverless) {
        this.stage = stage;
        this.serverless = serverless;
    }

    /** 7. First 90/10, counted; then 0/100 while requests go on. */
    String canary() {
        split(90, 10);
        Load.Result canary =
                Load.send(stage.http(Stage.HOST), "/", CLIENTS, CANARY).allAnswered();
        serverless.sent(canary.sent());
        long first = canary.bodiesWith(VERSION_1);
        long second = canary.bodiesWith(VERSION_2);
        NotHeld.unless(first + second == CANARY, "every answer from version 1 or 2", first + " and " + second);
        double share = 100.0 * second / CANARY;
        NotHeld.unless(Math.abs(share - 10) <= SHARE_POINTS, "10 ± 2.5 % from version 2", share + " %");

        Load load = Load.start(stage.http(Stage.HOST), "/", CLIENTS);
        awaitSent(load, 300);
        long edited = System.nanoTime();
        split(0, 100);
        double effect = (System.nanoTime() - edited) / 1e6;
        int atEffect = load.sentSoFar();
        awaitSent(load, atEffect + 300);
        Load.Result live = load.finish().allAnswered();
        serverless.sent(live.sent());
        // Requests that were under way at the moment of the change may still be version 1's.
        Load.Result after = Load.send(stage.http(Stage.HOST), "/", CLIENTS, 200).allAnswered();
        serverless.sent(after.sent());
        NotHeld.unless(
                after.bodiesWith(VERSION_2) == 200,
                "only version 2 after the edit",
                after.bodiesWith(VERSION_1) + " of 200 from version 1");
        return String.format(
                Locale.ROOT,
                "%d requests at 90/10: %.1f %% from version 2, none failed; 0/100 by a live edit, in effect after %s,"
                        + " none of %d requests lost meanwhile",
                CANARY,
                share,
                ms(effect),
                live.sent());
    }

    /** 9. */
    String kill() {
        List<JsonNode> before = readyPods();
        NotHeld.unless(before.size() >= 2, "2 ready instances of quote version 2", before.size());
        JsonNode victim = before.getFirst();
        String name = victim.at("/metadata/name").asString("");
        String container = victim.at("/status/containerStatuses/0/containerID").asString("");
        long pid = Long.parseLong(container.replaceAll("\\D", ""));
        Load load = Load.start(stage.http(Stage.HOST), "/", CLIENTS);
        awaitSent(load, 300);
        long killed = System.nanoTime();
        ProcessHandle process =
                ProcessHandle.of(pid).orElseThrow(() -> new NotHeld("the process of " + name, "no process " + pid));
        process.destroyForcibly();
        int atKill = load.sentSoFar();
        Await.until(
                "a new instance in place of " + name,
                Duration.ofSeconds(15),
                () -> readyPods().size() >= before.size()
                        && readyPods().stream()
                                .noneMatch(pod -> pod.at("/status/containerStatuses/0/containerID")
                                        .asString("")
                                        .equals(container)),
                this::describePods);
        Duration replaced = Duration.ofNanos(System.nanoTime() - killed);
        awaitSent(load, atKill + 300);
        Load.Result result = load.finish().allAnswered();
        serverless.sent(result.sent());
        return "process %d of pod %s killed with -9 at request %d: none of %d failed (slowest %s); replaced and ready in %s"
                .formatted(pid, name, atKill, result.sent(), ms(result.millis(1)), seconds(replaced));
    }

    /** Edits the split and waits until the data plane's rules say so. */
    private void split(int first, int second) {
        stage.patch(SPLIT, """
                {"spec": {"service": "quote", "backends": [
                  {"service": "quote-v1", "weight": %d}, {"service": "quote-v2", "weight": %d}]}}""".formatted(first, second));
        Await.until("weights in effect", EFFECT_LIMIT, () -> weights().equals(List.of(first, second)), this::weights);
    }

    /** The weights of the rule that the newest snapshot holds for quote, by backend name. */
    private List<Integer> weights() {
        for (JsonNode frontend : stage.api().get("/weft/v1/routes").path("mesh")) {
            if (frontend.path("service").asString("").startsWith("default/quote:")) {
                List<JsonNode> backends = new ArrayList<>();
                frontend.at("/rules/0/backends").forEach(backends::add);
                return backends.stream()
                        .sorted(Comparator.comparing(
                                backend -> backend.path("backend").asString("")))
                        .map(backend -> backend.path("weight").asInt())
                        .toList();
            }
        }
        return List.of();
    }

    private List<JsonNode> readyPods() {
        return stage.pods("app=quote,version=v2").stream()
                .filter(pod -> Serverless.condition(pod, "Ready").equals("True"))
                .toList();
    }

    private String describePods() {
        StringBuilder text = new StringBuilder();
        stage.pods("app=quote")
                .forEach(pod -> text.append(pod.at("/metadata/name").asString(""))
                        .append(' ')
                        .append(pod.at("/status"))
                        .append('\n'));
        return text.toString();
    }

    private static void awaitSent(Load load, int requests) {
        Await.until(
                requests + " requests sent",
                Duration.ofSeconds(20),
                () -> Optional.of(load.sentSoFar()).filter(sent -> sent >= requests),
                load::sentSoFar);
    }
}
