package dev.weft.runtime.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BelowTest {

    private static final int REFUSALS = 100;

    @TempDir
    private Path folder;

    @BeforeEach
    void onLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "this is no Linux");
    }

    @Test
    void whatIsMissingIsMadeForEverybodyAndWhatIsThereStaysAsItIs() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-x---"));
        try (Below opened = Below.open(folder, Path.of("there/made/inner"))) {
            Files.createFile(opened.place().resolve("file"));
        }
        assertThat(there.resolve("made/inner/file")).exists();
        assertThat(permissions(there)).isEqualTo("rwxr-x---");
        assertThat(permissions(there.resolve("made"))).isEqualTo("rwxrwxrwx");
        assertThat(permissions(there.resolve("made/inner"))).isEqualTo("rwxrwxrwx");
    }

    @Test
    void aLinkThatLeadsNowhereIsNotMadeToLeadSomewhere() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("absent"));

        assertThatThrownBy(() -> Below.open(folder, Path.of("link/inner"))).isInstanceOf(IOException.class);
        assertThat(folder.resolve("absent")).doesNotExist();
    }

    @Test
    void refusalsKeepNoDescriptors() throws IOException {
        Files.createDirectories(folder.resolve("one/two"));
        Files.createSymbolicLink(folder.resolve("one/two/out"), Path.of("/etc"));
        refuse();
        long before = descriptors();
        for (int i = 0; i < REFUSALS; i++) {
            refuse();
        }
        assertThat(descriptors()).isLessThan(before + REFUSALS / 10); // others of this process open some too
    }

    private void refuse() {
        assertThatThrownBy(() -> Below.open(folder, Path.of("one/two/out")))
                .hasMessage("one/two/out leads out of its volume");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
