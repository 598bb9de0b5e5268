package dev.weft.cli.platform;

import dev.weft.apiserver.store.SqliteStore;
import java.io.IOException;
import java.time.Clock;
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
        DeclaredFiles files = new DeclaredFiles(store, settings.paths(), report);
        files.sync();
        closing.add("files", new FileWatch(files.folders(), files::sync));
    }

    /** Prints where everything is. */
    public void announce() {
        report.accept("weft: up; data in " + settings.data());
    }

    /** Ends everything, in the opposite order; true when all ended well. */
    public boolean stop() {
        return closing.close();
    }
}
