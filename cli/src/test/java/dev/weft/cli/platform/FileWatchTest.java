package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the files are looked at. */
@Timeout(60)
class FileWatchTest {

    @TempDir
    private Path parent;

    private final BlockingQueue<String> looks = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    @Test
    void followsAFolderThatWasMovedAndCameBack() throws Exception {
        Path folder = Files.createDirectory(parent.resolve("folder"));
        try (FileWatch _ = watch(folder, () -> false)) {
            await("[]");
            Files.move(folder, parent.resolve("old"));
            await("gone");
            comesBack(folder);
        }
    }

    @Test
    void followsAFolderThatWasDeletedAndCameBack() throws Exception {
        Path folder = Files.createDirectory(parent.resolve("folder"));
        try (FileWatch _ = watch(folder, () -> false)) {
            await("[]");
            Files.delete(folder);
            await("gone");
            comesBack(folder);
        }
    }

    @Test
    void looksAgainWhereOneLookDoesNotDecide() throws Exception {
        try (FileWatch _ = watch(parent, () -> looks.size() < 3)) {
            await("[]");
            await("[]");
            await("[]");
        }
    }

    @Test
    void aLookThatFailsIsToldOnceAndTriedAgain() throws Exception {
        BlockingQueue<String> failures = new LinkedBlockingQueue<>(List.of("once", "twice"));
        try (FileWatch _ = watch(parent, () -> {
            if (failures.poll() != null) {
                throw new IllegalStateException("broken");
            }
            return false;
        })) {
            assertThat(said.take()).contains("broken");
            await("[]");
            await("[]");
            Files.writeString(parent.resolve("there"), "");
            await("[there]");
            assertThat(said).isEmpty();
        }
    }

    private void comesBack(Path folder) throws Exception {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("there"), "");
        await("[there]");
        Files.writeString(folder.resolve("too"), "");
        await("[there, too]");
    }

    private FileWatch watch(Path folder, BooleanSupplier then) throws IOException {
        return new FileWatch(
                List.of(folder),
                () -> {
                    looks.add(inside(folder));
                    return then.getAsBoolean();
                },
                said::add);
    }

    private static String inside(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .collect(Collectors.toList())
                    .toString();
        } catch (IOException e) {
            return "gone";
        }
    }

    private void await(String look) throws InterruptedException {
        while (!looks.take().equals(look)) {
            // another look before
        }
    }
}
