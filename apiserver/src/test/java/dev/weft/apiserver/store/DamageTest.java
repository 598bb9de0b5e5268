package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    /** The child may not write files beyond 6 MB: an I/O error. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesWritesAndServesReadsWhileADiskRefusesUntilThereIsRoom() throws Exception {
        String printed = fill(
                List.of("sh", "-c", "ulimit -S -f 12000; exec \"$0\" \"$@\""),
                List.of("prlimit", "--fsize=unlimited", "--pid", Filler.ITSELF));

        assertThat(printed).contains("refused: STORAGE").contains("again: STORAGE");
        try (SqliteStore store = open()) {
            assertThat(printed).contains("kept " + store.list(Kinds.CONFIG_MAP).size());
        }
    }

    /** The child has a file system of 6 MB to itself. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatTheDiskIsFullAndTakesWritesAgainWhenThereIsRoom() throws Exception {
        List<String> own = List.of("unshare", "--user", "--map-root-user", "--mount");
        boolean allowed = new ProcessBuilder(
                                Stream.concat(own.stream(), Stream.of("true")).toList())
                        .start()
                        .waitFor()
                == 0;
        assumeTrue(allowed, "nobody may mount a file system of his own here");
        String mount = "mount -t tmpfs -o size=6m weft '" + directory + "' && exec \"$0\" \"$@\"";

        String printed = fill(
                Stream.concat(own.stream(), Stream.of("sh", "-c", mount)).toList(),
                List.of("mount", "-o", "remount,size=60m", directory.toString()));

        String full =
                "STORAGE the disk that holds " + directory.resolve("store.db") + " is full: make room, then try again.";
        assertThat(printed).contains("refused: " + full).contains("again: " + full);
    }

    /** Has a child fill its disk; it must have kept what it was told is kept, and nothing else. */
    private String fill(List<String> before, List<String> roomier) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Filler.class.getName(),
                directory.toString()));
        command.addAll(roomier);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).doesNotContain("not executing");
        int kept = Integer.parseInt(printed.replaceAll("(?s).*\nkept (\\d+)\n.*", "$1"));
        assertThat(printed).contains("reads " + kept).contains("finds " + kept);
        return printed;
    }

    private SqliteStore open() {
        return new SqliteStore(directory, InstantSource.system());
    }

    /** Writes until it is refused, and once more when there is room again; then reads, and opens it anew. */
    static final class Filler {

        static final String ITSELF = "itself";

        private Filler() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Path directory = Path.of(arguments[0]);
            List<String> roomier = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
            roomier.replaceAll(word ->
                    word.equals(ITSELF) ? Long.toString(ProcessHandle.current().pid()) : word);
            try (SqliteStore store = new SqliteStore(directory, InstantSource.system())) {
                int kept = 0;
                while (kept < 10_000 && keeps(store, "map-" + kept, "refused: ")) {
                    kept++;
                }
                keeps(store, "too-early", "again: ");
                new ProcessBuilder(roomier).inheritIO().start().waitFor();
                store.create(large("when-there-was-room"));
                kept++;
                System.out.println("kept " + kept);
                System.out.println("reads " + store.list(Kinds.CONFIG_MAP).size());
            }
            try (SqliteStore store = new SqliteStore(directory, InstantSource.system())) {
                System.out.println("finds " + store.list(Kinds.CONFIG_MAP).size());
            }
        }

        private static boolean keeps(SqliteStore store, String name, String otherwise) {
            try {
                store.create(large(name));
                return true;
            } catch (RefusedException e) {
                System.out.println(otherwise + e.reason() + " " + e.getMessage());
                return false;
            }
        }

        private static Resource large(String name) {
            Key key = Kinds.CONFIG_MAP.key("default", name);
            ObjectNode json = Resource.of(key).edit();
            json.withObject("/data").put("value", "x".repeat(50_000));
            return new Resource(Kinds.CONFIG_MAP, json);
        }
    }
}
