package dev.weft.runtime.linux;

import static dev.weft.runtime.namespace.Namespaces.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts that are seen by a thread of each test's own alone. */
class MountsTest {

    @TempDir
    private Path folder;

    private static void inOwnMounts(Callable<?> task) throws IOException {
        require();
        CompletableFuture<Object> done = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                Namespaces.leave(Namespaces.Kind.MOUNTS);
                Mounts.detach();
                task.call();
                done.complete("");
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        done.join();
    }

    @Test
    void aKernelWithoutTheNewerCallMakesThemReadOnlyOneByOne() throws IOException {
        inOwnMounts(() -> {
            Path source = Files.createDirectories(folder.resolve("a source/within"));
            Path target = Files.createDirectory(folder.resolve("a target"));
            Mounts.memory(source.toString(), "mode=0755");
            Files.writeString(source.resolve("file"), "x");
            Mounts.show(folder.resolve("a source").toString(), target.toString());
            Mounts.remountReadOnly(target.toString());
            assertThat(target.resolve("within/file")).hasContent("x");
            assertThatThrownBy(() -> Files.writeString(target.resolve("new"), "x"))
                    .hasMessageContaining("Read-only");
            assertThatThrownBy(() -> Files.writeString(target.resolve("within/file"), "y"))
                    .as("mounted below it")
                    .hasMessageContaining("Read-only");
            Files.writeString(source.resolve("file"), "y");
            return target;
        });
    }

    @Test
    void whatIsOpenedBelowAFolderStaysThereWhoeverMovesItsName() throws IOException {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Files.createDirectory(volume.resolve("deep"));
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(volume.resolve("deep/file"), "inside");
        Files.writeString(outside.resolve("file"), "outside");
        Files.createSymbolicLink(volume.resolve("inner"), Path.of("deep"));
        try (Below opened = Below.open(volume, Path.of("inner"))) {
            Files.move(volume.resolve("deep"), volume.resolve("moved"));
            Files.createSymbolicLink(volume.resolve("deep"), outside);
            assertThat(opened.place().resolve("file")).hasContent("inside");
        }
        for (String way : new String[] {"deep", "deep/file", "deep/new", "inner/new"}) {
            assertThatThrownBy(() -> Below.open(volume, Path.of(way)).close())
                    .as(way)
                    .hasMessageContaining("leads out of its volume");
        }
        assertThat(outside.resolve("new")).doesNotExist();
        Below.open(volume, Path.of("made/on/the/way")).close();
        assertThat(volume.resolve("made/on/the/way")).isDirectory();
    }
}
