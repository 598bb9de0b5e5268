package dev.weft.serving;

import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.serving.activation.Watches;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serving over a store in memory and a scripted runtime, which makes the pods that Deployments ask for, in the way that
 * the test has set for their image. Time goes on only when the test says so.
 */
final class World implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(60);

    /** What becomes of a pod. */
    enum Fate {
        READY,
        /** Runs, and is never ready. */
        SILENT,
        /** Ends with exit code 3 at once. */
        EXITS,
        IMAGE_NOT_LOCAL
    }

    final MemoryStore store = new MemoryStore();
    final ScriptedEndpoints endpoints = new ScriptedEndpoints();
    final Map<String, Fate> fates = new ConcurrentHashMap<>();
    /** Whether instances stay listed as ready after their pods were deleted. */
    volatile boolean lingering;

    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private final AtomicInteger podsMade = new AtomicInteger();
    private final Reconciler<Key> runtime = new Reconciler<>("scripted-runtime", this::run);
    private final AutoCloseable watch;
    final Serving serving;

    World() {
        watch = store.watch(
                Kinds.DEPLOYMENT, change -> runtime.enqueue(change.resource().key()));
        serving = new Serving(
                store,
                endpoints,
                () -> Instant.EPOCH.plusNanos(nanos.get()),
                nanos::get,
                new ServingOptions(
                        "example.com", Duration.ofSeconds(1), Duration.ofSeconds(25), Duration.ofSeconds(630)));
        serving.start();
    }

    void apply(String yaml) {
        Documents documents = Documents.parse("test.yaml", yaml);
        if (!documents.problems().isEmpty()) {
            throw new IllegalArgumentException(documents.problems().toString());
        }
        for (Document document : documents.documents()) {
            ObjectNode json = document.json().deepCopy();
            json.withObject("/metadata").put("namespace", "default");
            String apiVersion = json.path("apiVersion").asString("");
            String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
            Kind kind = Kinds.find(group, json.path("kind").asString("")).orElseThrow();
            store.apply(new Resource(kind, json));
        }
    }

    Resource get(Kind kind, String name) {
        return store.get(key(kind, name)).orElseThrow();
    }

    JsonNode at(Kind kind, String name, String pointer) {
        return store.get(key(kind, name))
                .map(found -> found.at(pointer))
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    /** {@code True}, {@code False: Reason} or {@code Unknown: Reason}; empty when there is no such condition. */
    String condition(Kind kind, String name, String type) {
        return store.get(key(kind, name)).map(found -> condition(found, type)).orElse("");
    }

    static String condition(Resource resource, String type) {
        for (JsonNode condition : resource.at("/status/conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                String reason = condition.path("reason").asString("");
                return condition.path("status").asString("") + (reason.isEmpty() ? "" : ": " + reason);
            }
        }
        return "";
    }

    String message(Kind kind, String name, String type) {
        for (JsonNode condition : at(kind, name, "/status/conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition.path("message").asString("");
            }
        }
        return "";
    }

    int replicas(String revision) {
        return at(Kinds.DEPLOYMENT, revision + "-deployment", "/spec/replicas").asInt(-1);
    }

    /** Of a Knative service, a target a line: its revision, share, whether it is the latest, its tag and address. */
    List<String> traffic(String service) {
        List<String> lines = new ArrayList<>();
        for (JsonNode target : at(Kinds.KNATIVE_SERVICE, service, "/status/traffic")) {
            lines.add((target.path("revisionName").asString("") + " "
                            + target.path("percent").asInt()
                            + (target.path("latestRevision").asBoolean() ? " latest" : "") + " "
                            + target.path("tag").asString("") + " "
                            + target.path("url").asString(""))
                    .strip());
        }
        return lines;
    }

    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + SOON + ": " + what + "\n" + status());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    void awaitReady(String service) {
        await(
                service + " is ready",
                () -> condition(Kinds.KNATIVE_SERVICE, service, "Ready").equals("True"));
    }

    /** Until serving has seen all instances that are there by now, and knows since when. */
    void awaitSeen() {
        for (int i = 0; i < 2; i++) { // who looks for a second time is done with the first
            long before = endpoints.looks();
            endpoints.tell();
            await("looked at", () -> endpoints.looks() > before);
        }
    }

    /** Time goes on, second by second, until the condition holds. */
    void passUntil(String what, BooleanSupplier condition) {
        await(what, () -> {
            pass(Duration.ofSeconds(1));
            LockSupport.parkNanos(2_000_000);
            return condition.getAsBoolean();
        });
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        serving.tick();
    }

    void requestStarts(String revision) {
        serving.routed(new ServiceName("default", revision));
    }

    void requestEnds(String revision) {
        serving.ended(new Outcome(
                "id",
                Hop.EDGE,
                Workload.EDGE,
                Peer.clear("127.0.0.1:1"),
                Optional.empty(),
                "http",
                "",
                "",
                Optional.of(new ServicePort(new ServiceName("default", revision), 80)),
                "GET",
                "hello",
                "/",
                200,
                Optional.empty(),
                Instant.EPOCH,
                0,
                1,
                1,
                0,
                0,
                List.of(),
                List.of(),
                1));
    }

    @Override
    public void close() {
        serving.close();
        Watches.close(List.of(watch));
        runtime.close();
    }

    private static Key key(Kind kind, String name) {
        return kind.key("default", name);
    }

    private void run(Key key) {
        int wanted =
                store.get(key).map(found -> found.at("/spec/replicas").asInt(1)).orElse(0);
        String revision = key.name().replaceAll("-deployment$", "");
        List<String> pods = store.list(Kinds.POD).stream()
                .filter(pod -> revision.equals(pod.labels().get("serving.knative.dev/revision")))
                .map(Resource::name)
                .toList();
        for (int i = pods.size(); i < wanted; i++) {
            startPod(revision, get(Kinds.DEPLOYMENT, key.name()));
        }
        for (int i = wanted; i < pods.size(); i++) {
            if (!lingering) {
                endpoints.remove(pods.get(i));
            }
            store.delete(key(Kinds.POD, pods.get(i)));
        }
    }

    private void startPod(String revision, Resource deployment) {
        Key key = key(Kinds.POD, revision + "-pod-" + podsMade.incrementAndGet());
        Resource pod = Resource.of(key);
        ObjectNode labels = pod.json().withObject("/metadata/labels");
        Resource.strings(deployment.at("/spec/template/metadata/labels")).forEach(labels::put);
        store.create(pod);
        String image = deployment.at("/spec/template/spec/containers/0/image").asString("");
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ObjectNode state = status.putArray("containerStatuses").addObject().putObject("state");
        switch (fates.getOrDefault(image, Fate.READY)) {
            case READY -> {
                endpoints.put(key.name(), revision, false);
                state.putObject("running");
                store.updateStatus(key, status);
                endpoints.put(key.name(), revision, true);
            }
            case SILENT -> {
                endpoints.put(key.name(), revision, false);
                state.putObject("running");
                store.updateStatus(key, status);
            }
            case EXITS -> {
                state.putObject("terminated").put("exitCode", 3).put("message", "no such table: users");
                store.updateStatus(key, status);
            }
            case IMAGE_NOT_LOCAL -> {
                state.putObject("waiting")
                        .put("reason", "ImageNotLocal")
                        .put("message", "no LocalImage is named " + image);
                store.updateStatus(key, status);
            }
        }
    }

    private String status() {
        StringBuilder text = new StringBuilder();
        for (Kind kind : List.of(
                Kinds.KNATIVE_SERVICE, Kinds.CONFIGURATION, Kinds.REVISION, Kinds.ROUTE, Kinds.DEPLOYMENT, Kinds.POD)) {
            store.list(kind)
                    .forEach(found -> text.append(found)
                            .append(' ')
                            .append(found.at("/spec/replicas"))
                            .append(' ')
                            .append(found.at("/status"))
                            .append('\n'));
        }
        return text.toString();
    }
}
