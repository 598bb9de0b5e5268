package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The files grow with what there is, not with what has been. */
class SizeTest {

    private static final int UPDATES = 10_000;
    private static final int OBJECT_BYTES = 10_000;

    /** SQLite writes its log back after 1,000 pages of 4 KiB, and begins it anew; groups of writes may pass that a little. */
    private static final long LOG_BYTES = 16 << 20;

    @TempDir
    private Path directory;

    @Test
    void tenThousandUpdatesOfOneObjectTakeNoMoreRoomThanOne() throws IOException {
        try (SqliteStore store = new SqliteStore(directory, InstantSource.system())) {
            store.create(config("a", 0));
            // by several writers, as one waits for a sync each time
            IntStream.range(0, 20)
                    .mapToObj(writer -> Thread.ofPlatform()
                            .start(() -> IntStream.range(0, UPDATES / 20)
                                    .forEach(i -> store.apply(config("a", writer * UPDATES + i)))))
                    .toList()
                    .forEach(SizeTest::join);

            assertThat(store.version()).as("each was written").isGreaterThanOrEqualTo(UPDATES);
            assertThat(bytes()).isLessThan(LOG_BYTES + 20 * OBJECT_BYTES); // and 100 MB were written
        }
        assertThat(bytes()).as("closed").isLessThan(20 * OBJECT_BYTES);
    }

    @Test
    void theRoomOfWhatIsDeletedIsUsedAgain() throws IOException {
        try (SqliteStore store = new SqliteStore(directory, InstantSource.system())) {
            long after = 0;
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < 100; i++) {
                    store.create(config("a" + i, round));
                }
                for (int i = 0; i < 100; i++) {
                    store.delete(Kinds.CONFIG_MAP.key("default", "a" + i));
                }
                long now = Files.size(directory.resolve("store.db"));
                if (round == 2) {
                    after = now;
                }
                assertThat(now).as("round " + round).isLessThanOrEqualTo(round > 2 ? after + 100_000 : Long.MAX_VALUE);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(SizeTest::size).sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Resource config(String name, int number) {
        ObjectNode json = Resource.of(Kinds.CONFIG_MAP.key("default", name)).edit();
        json.withObject("/data").put("number", number).put("much", "x".repeat(OBJECT_BYTES));
        return new Resource(Kinds.CONFIG_MAP, json);
    }
}
