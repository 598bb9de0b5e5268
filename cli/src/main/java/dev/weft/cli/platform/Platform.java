package dev.weft.cli.platform;

import dev.weft.apiserver.ApiOptions;
import dev.weft.apiserver.ApiServer;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.runtime.LocalRuntime;
import dev.weft.runtime.RuntimeOptions;
import dev.weft.serving.Serving;
import dev.weft.serving.ServingOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** One machine's platform: every part, made in order and introduced to the others. */
public final class Platform {

    private final Settings settings;
    private final Consumer<String> report;
    private final Closing closing = new Closing();

    private Platform(Settings settings, Consumer<String> report) {
        this.settings = settings;
        this.report = report;
    }

    /**
     * Starts everything, or nothing.
     *
     * @param report gets lines for people: what was applied, what is wrong with it
     */
    public static Platform start(Settings settings, Consumer<String> report) throws IOException {
        Ports.requireFree(Map.of(
                "--http-port", settings.httpPort(),
                "--https-port", settings.httpsPort(),
                "--api-port", settings.apiPort(),
                "--console-port", settings.consolePort()));
        Platform platform = new Platform(settings, report);
        try {
            platform.wire();
        } catch (IOException | RuntimeException e) {
            platform.stop();
            throw e;
        }
        return platform;
    }

    private void wire() throws IOException {
        DataDirectory data = closing.add("data directory", DataDirectory.open(settings.data()));
        SqliteStore store = closing.add("store", new SqliteStore(data.path(), Clock.systemUTC()));
        RuntimeLogs logs = new RuntimeLogs();
        ApiServer api = closing.add(
                "api", new ApiServer(ApiOptions.on(data.path(), settings.apiPort(), logs), store, Map.of()));
        api.start();
        LocalRuntime runtime = closing.add("runtime", new LocalRuntime(store, RuntimeOptions.in(data.path())));
        logs.use(runtime.logs());
        Serving serving = closing.add("serving", new Serving(store, runtime, ServingOptions.defaults()));
        serving.start();
        DeclaredFiles files = new DeclaredFiles(store, settings.paths(), report);
        files.sync();
        closing.add("files", new FileWatch(files.folders(), files::sync));
    }

    /** Prints where everything is. */
    public void announce() {
        String data = settings.data().toString();
        report.accept("""
                weft: up in %d ms
                  edge     http://127.0.0.1:%d  https://127.0.0.1:%d
                  api      https://127.0.0.1:%d  (kubectl --kubeconfig %s/kubeconfig get ksvc,pods -A)
                  data     %s""".formatted(
                ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(start -> Duration.between(start, Instant.now()).toMillis())
                        .orElse(0L),
                settings.httpPort(),
                settings.httpsPort(),
                settings.apiPort(),
                data,
                data));
    }

    /** Ends everything, in the opposite order; true when all ended well. */
    public boolean stop() {
        return closing.close();
    }
}
