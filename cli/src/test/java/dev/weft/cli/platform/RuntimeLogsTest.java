package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.rest.PodLogs.Request;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.runtime.logs.LogFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RuntimeLogsTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void aFollowerHasItsBytesWithoutALineMore() throws IOException {
        try (SqliteStore store = new SqliteStore(folder.resolve("data"), InstantSource.system());
                PipedInputStream printed = new PipedInputStream();
                PipedOutputStream program = new PipedOutputStream(printed)) {
            LogFiles logs = new LogFiles(folder.resolve("logs"), 1 << 20, InstantSource.system());
            logs.record("default", "talker", printed);
            program.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
            program.flush();
            ByteArrayOutputStream out = new ByteArrayOutputStream();

            new RuntimeLogs(logs, store).copy(followed(8), out);

            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\ntwo\n");
        }
    }

    private static Request followed(long bytesMax) {
        return new Request(
                "default", "talker", "", true, false, Optional.empty(), Instant.EPOCH, false, Optional.of(bytesMax));
    }
}
