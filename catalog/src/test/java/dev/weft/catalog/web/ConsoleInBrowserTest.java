package dev.weft.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.catalog.Catalog;
import dev.weft.catalog.CatalogOptions;
import dev.weft.catalog.Given;
import dev.weft.catalog.ManualClock;
import dev.weft.resources.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a real browser draws it; skipped where there is no Chromium. */
final class ConsoleInBrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    @TempDir
    private Path profile;

    @Test
    void drawsTheMapTheObjectivesAndTheResourcesWithoutAnError() throws Exception {
        assumeThat(CHROMIUM).isExecutable();
        MemoryStore store = new MemoryStore();
        ConsoleExample.resources(store);
        try (Catalog catalog =
                new Catalog(store, Given.snapshots(Given.snapshot()), new ManualClock(), CatalogOptions.DEFAULT)) {
            catalog.listener().ended(Given.edge("r", 200, 5));
            String output = browse(catalog.console(0).url());

            assertThat(output)
                    .contains("aria-label=\"function hello-00001, healthy, 100 % good")
                    .contains("99 % of requests to hello are good, over the last 1m")
                    .contains("ImageNotLocal")
                    .doesNotContain("Uncaught")
                    .doesNotContain("Refused to");
        }
    }

    /** The document as it stands after loading, and what the browser logged. */
    private String browse(String url) throws Exception {
        Path output = profile.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        CHROMIUM.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile.resolve("profile"),
                        "--enable-logging=stderr",
                        "--timeout=20000",
                        "--dump-dom",
                        url))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("the browser ended")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
