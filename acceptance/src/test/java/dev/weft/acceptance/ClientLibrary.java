package dev.weft.acceptance;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** An unmodified client library, fabric8's, as controllers use it: against {@code weft up} by its kubeconfig. */
final class ClientLibrary implements AutoCloseable {

    static final long PATIENCE_SECONDS = 60;

    private final RunningPlatform platform;
    private final KubernetesClient client;

    private ClientLibrary(RunningPlatform platform, KubernetesClient client) {
        this.platform = platform;
        this.client = client;
    }

    /** Starts a platform with nothing on it, and a client of it. */
    static ClientLibrary start(Path folder) throws IOException {
        return start(folder, Files.createDirectory(folder.resolve("files")));
    }

    /** The same with these files. */
    static ClientLibrary start(Path folder, Path files) {
        Path data = folder.resolve("data");
        RunningPlatform platform = RunningPlatform.start(data, files);
        Config config = Config.fromKubeconfig(data.resolve("kubeconfig").toFile());
        return new ClientLibrary(
                platform, new KubernetesClientBuilder().withConfig(config).build());
    }

    KubernetesClient client() {
        return client;
    }

    static ConfigMap map(String name, String colour) {
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

    static String next(BlockingQueue<String> events) throws InterruptedException {
        return Objects.requireNonNullElse(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing");
    }

    void held(String expected, Eventually.Look<Boolean> look) {
        Eventually.holds(expected, Duration.ofSeconds(PATIENCE_SECONDS), look, platform::output);
    }

    @Override
    public void close() throws IOException {
        try (platform) {
            client.close();
        }
    }
}
