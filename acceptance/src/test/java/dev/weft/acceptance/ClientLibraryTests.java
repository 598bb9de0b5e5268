package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client library does with resources. */
final class ClientLibraryTests {

    @TempDir
    private static Path folder;

    @AutoClose
    private static ClientLibrary library;

    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        library = ClientLibrary.start(folder);
        client = library.client();
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
        client.resource(ClientLibrary.map("plain", "blue")).create();
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
        client.load(new ByteArrayInputStream("""
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
        client.resource(ClientLibrary.map("shared", "blue")).fieldManager("one").serverSideApply();
        ConfigMap other = ClientLibrary.map("shared", "red");

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
    void waitsUntilAConditionHolds() {
        CompletableFuture<ConfigMap> waiting = CompletableFuture.supplyAsync(() -> client.configMaps()
                .inNamespace("default")
                .withName("awaited")
                .waitUntilCondition(
                        map -> map != null && "red".equals(map.getData().get("colour")),
                        ClientLibrary.PATIENCE_SECONDS,
                        TimeUnit.SECONDS));
        client.resource(ClientLibrary.map("awaited", "blue")).create();
        client.resource(ClientLibrary.map("awaited", "red")).update();

        assertThat(waiting.join().getData()).containsEntry("colour", "red");
    }

    @Test
    void electsOneLeaderAfterTheOther() throws Exception {
        BlockingQueue<String> story = new LinkedBlockingQueue<>();
        CompletableFuture<?> first = elect("first", story);
        assertThat(ClientLibrary.next(story)).isEqualTo("first leads");
        CompletableFuture<?> second = elect("second", story);

        first.cancel(true);

        // the lease is given back before the first is told
        assertThat(List.of(ClientLibrary.next(story), ClientLibrary.next(story)))
                .containsExactlyInAnyOrder("first stops", "second leads");
        assertThat(client.leases()
                        .inNamespace("default")
                        .withName("leader")
                        .get()
                        .getSpec()
                        .getHolderIdentity())
                .isEqualTo("second");
        second.cancel(true);
        assertThat(ClientLibrary.next(story)).isEqualTo("second stops");
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
}
