package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may look into the data directory. */
final class DataDirectoryTests {

    @TempDir
    private Path folder;

    @Test
    void closesAnEmptyFolderThatWasOpenToOthers() throws IOException {
        Path data = open(folder.resolve("data"));

        DataDirectory.open(data).close();

        assertThat(mode(data)).isEqualTo("rwx------");
    }

    @Test
    void closesItsOwnFolderWhenSomebodyHasOpenedIt() throws IOException {
        Path data = folder.resolve("data");
        DataDirectory.open(data).close();
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        DataDirectory.open(data).close();

        assertThat(mode(data)).isEqualTo("rwx------");
    }

    @Test
    void refusesAFolderOfSomethingElseThatOthersMayRead() throws IOException {
        Path home = open(folder.resolve("home"));
        Files.writeString(home.resolve("letter"), "dear");

        assertThatThrownBy(() -> DataDirectory.open(home))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("can be read by others and holds other files");
        assertThat(mode(home)).isEqualTo("rwxr-xr-x");
    }

    private static Path open(Path path) throws IOException {
        Files.createDirectory(path);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
