package dev.weft.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a backup, in which are secrets. */
final class BackupTest {

    @TempDir
    Path directory;

    @Test
    void leavesNothingBesideAFileThatCannotBeWritten() throws IOException {
        Path target = Files.createDirectory(directory.resolve("shop.backup"));
        Files.writeString(target.resolve("inside"), "");

        assertThatThrownBy(() -> Backup.write(target, "secret")).isInstanceOf(IOException.class);

        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(target));
    }
}
