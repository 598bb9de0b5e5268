package dev.weft.runtime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LogFileTests {

    @Test
    void readsAProgramsOutputToItsEndWhenTheDiskIsFull() {
        Path full = Path.of("/dev/full"); // every write to it fails as on a full disk
        Assumptions.assumeTrue(Files.exists(full), "/dev/full is there");
        ByteArrayInputStream output =
                new ByteArrayInputStream("line\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));

        new LogFile(full, 1_000_000, InstantSource.system()).copy(output);

        assertThat(output.available()).isZero();
    }
}
