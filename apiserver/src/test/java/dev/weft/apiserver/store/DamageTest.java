package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What goes wrong with disks is one clear message. */
class DamageTest {

    @TempDir
    Path directory;

    @Test
    void saysThatTheFileIsNoDatabase() throws Exception {
        Files.writeString(directory.resolve("store.db"), "this is no database".repeat(1_000));

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store.db is damaged. Move it away to start empty, or restore a copy.");
    }

    @Test
    void saysThatAnotherProcessHasTheFile() {
        try (SqliteStore first = open()) {
            assertThat(first.version()).isZero();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another weft runs on this data directory");
        }
    }

    /** The child may not write files beyond 6 MB, which to it looks like a full disk. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesWritesAndServesReadsOnAFullDiskUntilThereIsRoom() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        "ulimit -S -f 12000; exec \"$0\" \"$@\"",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Filler.class.getName(),
                        directory.toString()))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();

        try (SqliteStore store = open()) {
            int kept = store.list(Kinds.CONFIG_MAP).size();
            assertThat(printed).doesNotContain("not executing");
            assertThat(printed)
                    .contains("refused: STORAGE")
                    .contains("again: STORAGE")
                    .contains("reads " + kept)
                    .contains("kept " + kept);
        }
    }

    private SqliteStore open() {
        return new SqliteStore(directory, InstantSource.system());
    }

    /** Writes until it is refused, and once more when there is room again. */
    static final class Filler {

        private Filler() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            try (SqliteStore store = new SqliteStore(Path.of(arguments[0]), InstantSource.system())) {
                int kept = 0;
                try {
                    while (kept < 10_000) {
                        store.create(large("map-" + kept));
                        kept++;
                    }
                } catch (RefusedException e) {
                    System.out.println("refused: " + e.reason() + " " + e.getMessage());
                }
                try {
                    store.create(large("too-early"));
                } catch (RefusedException e) {
                    System.out.println("again: " + e.reason() + " " + e.getMessage());
                }
                makeRoom();
                store.create(large("when-there-was-room"));
                kept++;
                System.out.println("kept " + kept);
                System.out.println("reads " + store.list(Kinds.CONFIG_MAP).size());
            }
        }

        private static void makeRoom() throws IOException, InterruptedException {
            String pid = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("prlimit", "--fsize=unlimited", "--pid", pid)
                    .inheritIO()
                    .start()
                    .waitFor();
        }

        private static Resource large(String name) {
            Key key = Kinds.CONFIG_MAP.key("default", name);
            ObjectNode json = Resource.of(key).edit();
            json.withObject("/data").put("value", "x".repeat(50_000));
            return new Resource(Kinds.CONFIG_MAP, json);
        }
    }
}
