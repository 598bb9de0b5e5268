package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client library sees of changes. */
final class ClientLibraryWatchTests {

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
    void anInformerKeepsWhatThereIs() throws Exception {
        client.resource(ClientLibrary.map("informed-before", "blue")).create();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .inNamespace("default")
                .withLabel("colour-matters")
                .inform()) {
            assertThat(informer.hasSynced()).isTrue();
            client.resource(ClientLibrary.map("informed", "blue")).create();
            library.held("its copy", () -> informer.getStore().getByKey("default/informed") != null);
            client.configMaps()
                    .inNamespace("default")
                    .withName("informed")
                    .edit(map ->
                            new ConfigMapBuilder(map).addToData("colour", "red").build());
            library.held(
                    "the change",
                    () -> "red"
                            .equals(Objects.requireNonNull(informer.getStore().getByKey("default/informed"))
                                    .getData()
                                    .get("colour")));
            assertThat(informer.getStore().getByKey("default/informed-before")).isNotNull();
            client.configMaps().inNamespace("default").withName("informed").delete();
            library.held("the end", () -> informer.getStore().getByKey("default/informed") == null);
            assertThat(informer.isWatching()).isTrue();
        }
    }

    @Test
    void anInformerFollowsWhereAWatchFromSoLongAgoIsToldToListAnew() throws Exception {
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").withName("resumed").inform()) {
            client.resource(ClientLibrary.map("resumed", "blue")).create();
            library.held("its copy", () -> informer.getStore().getByKey("default/resumed") != null);
            String old = informer.lastSyncResourceVersion();
            IntStream.range(0, 2_100)
                    .parallel()
                    .forEach(i -> client.resource(ClientLibrary.map("passing-by-" + i, "blue"))
                            .create());
            client.resource(ClientLibrary.map("resumed", "red")).update();
            assertThat(gone(old)).isTrue();
            library.held(
                    "the change after them",
                    () -> "red"
                            .equals(Objects.requireNonNull(informer.getStore().getByKey("default/resumed"))
                                    .getData()
                                    .get("colour")));
        }
    }

    /** Whether a watch from so long ago is told to list anew. */
    private static boolean gone(String version) {
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
                .watch(new ListOptionsBuilder().withResourceVersion(version).build(), watcher)) {
            return gone.orTimeout(ClientLibrary.PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
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
            client.resource(ClientLibrary.map("watched", "blue")).create();
            client.resource(ClientLibrary.map("not-watched", "blue")).create();
            client.resource(ClientLibrary.map("watched", "red")).update();
            client.configMaps().inNamespace("default").withName("watched").delete();

            assertThat(List.of(ClientLibrary.next(seen), ClientLibrary.next(seen), ClientLibrary.next(seen)))
                    .containsExactly("ADDED blue", "MODIFIED red", "DELETED red");
        }
    }
}
