package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified client library, fabric8's, as controllers use it: against {@code weft up} by its kubeconfig. */
final class ClientLibraryTests {

    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private static Path folder;

    private static RunningPlatform platform;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        Tools.require("python3");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("web.py"), """
                import http.server, os
                class Answer(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200); self.end_headers(); self.wfile.write(b'of the pod')
                    def log_message(self, *rest): pass
                print('first line', flush=True)
                print('last line', flush=True)
                http.server.HTTPServer(('', int(os.environ['PORT'])), Answer).serve_forever()
                """);
        Files.writeString(files.resolve("web.yaml"), """
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: web}
                spec: {command: [python3, web.py]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers: [{name: main, image: web, ports: [{containerPort: 8080}],
                        readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]
                """);
        Path data = folder.resolve("data");
        platform = RunningPlatform.start(data, files);
        Config config = Config.fromKubeconfig(data.resolve("kubeconfig").toFile());
        client = new KubernetesClientBuilder().withConfig(config).build();
        client.apps()
                .deployments()
                .inNamespace("default")
                .withName("web")
                .waitUntilReady(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws IOException {
        if (client != null) {
            client.close();
        }
        platform.close();
    }

    @Test
    void knowsWhatIsServed() {
        assertThat(client.getKubernetesVersion().getMajor()).isEqualTo("1");
        assertThat(client.hasApiGroup("serving.knative.dev", true)).isTrue();
        assertThat(client.supports("split.smi-spec.io/v1alpha4", "TrafficSplit"))
                .isTrue();
        assertThat(client.supports("split.smi-spec.io/v1alpha4", "TrafficJam")).isFalse();
    }

    @Test
    void createsReadsChangesAndDeletes() {
        client.resource(map("plain", "blue")).create();
        var resource = client.configMaps().inNamespace("default").withName("plain");

        assertThat(resource.get().getData()).containsEntry("colour", "blue");
        resource.edit(map -> new ConfigMapBuilder(map).addToData("size", "big").build());
        resource.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("plain")
                        .endMetadata()
                        .addToData("colour", "red")
                        .build());
        assertThat(resource.get().getData()).containsOnly(Map.entry("colour", "red"), Map.entry("size", "big"));
        ConfigMap stale = new ConfigMapBuilder(resource.get())
                .editMetadata()
                .withResourceVersion("1")
                .endMetadata()
                .addToData("colour", "green")
                .build();
        assertThatThrownBy(() -> client.resource(stale).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThat(client.configMaps()
                        .inNamespace("default")
                        .withLabel("made-by", "plain")
                        .list()
                        .getItems())
                .hasSize(1);
        assertThat(resource.delete()).hasSize(1);
        assertThat(resource.get()).isNull();
        assertThat(resource.delete()).isEmpty();
    }

    @Test
    void readsKindsThatItHasNoTypesFor() {
        client.load(new java.io.ByteArrayInputStream("""
                        apiVersion: split.smi-spec.io/v1alpha4
                        kind: TrafficSplit
                        metadata: {name: halves, namespace: default}
                        spec: {service: web, backends: [{service: web-1, weight: 50}, {service: web-2, weight: 50}]}
                        """.getBytes(StandardCharsets.UTF_8)))
                .create();

        List<GenericKubernetesResource> splits = client.genericKubernetesResources(
                        "split.smi-spec.io/v1alpha4", "TrafficSplit")
                .inNamespace("default")
                .list()
                .getItems();

        assertThat(splits)
                .singleElement()
                .satisfies(split ->
                        assertThat(split.<String>get("spec", "service")).isEqualTo("web"));
    }

    @Test
    void appliesAsOneOfSeveralOwners() {
        client.resource(map("shared", "blue")).fieldManager("one").serverSideApply();
        ConfigMap other = map("shared", "red");

        assertThatThrownBy(() -> client.resource(other).fieldManager("another").serverSideApply())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("conflict with \"one\"");
        ConfigMap forced =
                client.resource(other).fieldManager("another").forceConflicts().serverSideApply();

        assertThat(forced.getData()).containsEntry("colour", "red");
        assertThat(forced.getMetadata().getManagedFields())
                .extracting("manager")
                .contains("one", "another");
    }

    @Test
    void anInformerKeepsWhatThereIs() throws Exception {
        client.resource(map("informed-before", "blue")).create();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .inNamespace("default")
                .withLabel("colour-matters")
                .inform()) {
            assertThat(informer.hasSynced()).isTrue();
            client.resource(map("informed", "blue")).create();
            held("its copy", () -> informer.getStore().getByKey("default/informed") != null);
            client.configMaps()
                    .inNamespace("default")
                    .withName("informed")
                    .edit(map ->
                            new ConfigMapBuilder(map).addToData("colour", "red").build());
            held(
                    "the change",
                    () -> "red"
                            .equals(Objects.requireNonNull(informer.getStore().getByKey("default/informed"))
                                    .getData()
                                    .get("colour")));
            assertThat(informer.getStore().getByKey("default/informed-before")).isNotNull();
            client.configMaps().inNamespace("default").withName("informed").delete();
            held("the end", () -> informer.getStore().getByKey("default/informed") == null);
            assertThat(informer.isWatching()).isTrue();
        }
    }

    @Test
    void anInformerFindsItsWayBackAfterTheHistoryHasPassedItBy() throws Exception {
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").withName("resumed").inform()) {
            client.resource(map("resumed", "blue")).create();
            held("its copy", () -> informer.getStore().getByKey("default/resumed") != null);
            String old = informer.lastSyncResourceVersion();
            IntStream.range(0, 2_100)
                    .parallel()
                    .forEach(
                            i -> client.resource(map("passing-by-" + i, "blue")).create());
            client.resource(map("resumed", "red")).update();
            assertThat(gone(old)).isTrue();
            held(
                    "the last change",
                    () -> "c2099"
                            .equals(Objects.requireNonNull(informer.getStore().getByKey("default/resumed"))
                                    .getData()
                                    .get("colour")));
        }
    }

    /** Whether a watch from so long ago is told to list anew. */
    private static boolean gone(String version) throws InterruptedException {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        Watcher<ConfigMap> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap resource) {}

            @Override
            public void onClose(WatcherException cause) {
                gone.complete(cause.isHttpGone());
            }
        };
        try (Watch _ = client.configMaps()
                .inNamespace("default")
                .watch(
                        new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                                .withResourceVersion(version)
                                .build(),
                        watcher)) {
            return gone.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void watchesOneThing() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Watcher<ConfigMap> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap resource) {
                seen.add(action + " " + resource.getData().get("colour"));
            }

            @Override
            public void onClose(WatcherException cause) {}
        };
        try (Watch _ =
                client.configMaps().inNamespace("default").withName("watched").watch(watcher)) {
            client.resource(map("watched", "blue")).create();
            client.resource(map("not-watched", "blue")).create();
            client.resource(map("watched", "red")).update();
            client.configMaps().inNamespace("default").withName("watched").delete();

            assertThat(List.of(next(seen), next(seen), next(seen)))
                    .containsExactly("ADDED blue", "MODIFIED red", "DELETED red");
        }
    }

    @Test
    void waitsUntilAConditionHolds() {
        CompletableFuture<ConfigMap> waiting = CompletableFuture.supplyAsync(() -> client.configMaps()
                .inNamespace("default")
                .withName("awaited")
                .waitUntilCondition(
                        map -> map != null && "red".equals(map.getData().get("colour")),
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS));
        client.resource(map("awaited", "blue")).create();
        client.resource(map("awaited", "red")).update();

        assertThat(waiting.join().getData()).containsEntry("colour", "red");
    }

    @Test
    void electsOneLeaderAfterTheOther() throws Exception {
        BlockingQueue<String> story = new LinkedBlockingQueue<>();
        CompletableFuture<?> first = elect("first", story);
        assertThat(next(story)).isEqualTo("first leads");
        CompletableFuture<?> second = elect("second", story);

        first.cancel(true);

        assertThat(next(story)).isEqualTo("first stops");
        assertThat(next(story)).isEqualTo("second leads");
        assertThat(client.leases()
                        .inNamespace("default")
                        .withName("leader")
                        .get()
                        .getSpec()
                        .getHolderIdentity())
                .isEqualTo("second");
        second.cancel(true);
        assertThat(next(story)).isEqualTo("second stops");
    }

    private static CompletableFuture<?> elect(String name, BlockingQueue<String> story) {
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(name)
                        .withReleaseOnCancel(true)
                        .withLeaseDuration(Duration.ofSeconds(15))
                        .withRenewDeadline(Duration.ofSeconds(10))
                        .withRetryPeriod(Duration.ofMillis(200))
                        .withLock(new LeaseLock("default", "leader", name))
                        .withLeaderCallbacks(new LeaderCallbacks(
                                () -> story.add(name + " leads"), () -> story.add(name + " stops"), leader -> {}))
                        .build())
                .build()
                .start();
    }

    @Test
    void readsLogs() {
        assertThat(client.pods().resource(pod()).getLog()).isEqualTo("first line\nlast line\n");
        assertThat(client.pods().resource(pod()).tailingLines(1).getLog()).isEqualTo("last line\n");
        assertThat(client.apps()
                        .deployments()
                        .inNamespace("default")
                        .withName("web")
                        .getLog())
                .contains("first line");
    }

    @Test
    void followsLogs() throws IOException {
        try (var watch = client.pods().resource(pod()).watchLog();
                var lines = new java.io.BufferedReader(
                        new java.io.InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("first line");
            assertThat(lines.readLine()).isEqualTo("last line");
        }
    }

    @Test
    void runsCommandsInPods() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (ExecWatch command = client.pods()
                .resource(pod())
                .redirectingInput()
                .writingOutput(out)
                .writingError(errors)
                .exec("sh", "-c", "read word; echo out $word; echo err >&2; exit 3")) {
            command.getInput().write("word\n".getBytes(StandardCharsets.UTF_8));
            command.getInput().flush();

            assertThat(command.exitCode().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(3);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("out word\n");
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
    }

    @Test
    void forwardsPorts() throws Exception {
        try (LocalPortForward forward = client.pods().resource(pod()).portForward(8080);
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
            for (int i = 0; i < 3; i++) {
                assertThat(http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                                .body())
                        .isEqualTo("of the pod");
            }
            assertThat(forward.errorOccurred()).isFalse();
        }
    }

    @Test
    void scalesAndRestarts() {
        var web = client.apps().deployments().inNamespace("default").withName("web");
        String before = pod().getMetadata().getUid();

        web.scale(2);
        held("two pods", () -> Objects.equals(web.get().getStatus().getReadyReplicas(), 2));
        web.scale(1);
        held("one pod", () -> Objects.equals(web.get().getStatus().getReplicas(), 1));
        web.rolling().restart();
        held(
                "another pod",
                () -> client.pods().inNamespace("default").withLabel("app", "web").list().getItems().stream()
                        .noneMatch(pod -> pod.getMetadata().getUid().equals(before)));
        web.waitUntilReady(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static Pod pod() {
        return client.pods().inNamespace("default").withLabel("app", "web").list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst()
                .orElseThrow();
    }

    private static ConfigMap map(String name, String colour) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("made-by", name)
                .addToLabels("colour-matters", "yes")
                .endMetadata()
                .addToData("colour", colour)
                .build();
    }

    private static String next(BlockingQueue<String> events) throws InterruptedException {
        return Objects.requireNonNullElse(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing");
    }

    private static void held(String expected, Eventually.Look<Boolean> look) {
        Eventually.holds(expected, Duration.ofSeconds(PATIENCE_SECONDS), look, platform::output);
    }
}
