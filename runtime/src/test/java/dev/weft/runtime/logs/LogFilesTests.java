package dev.weft.runtime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private LogFiles logs;

    @BeforeEach
    void open() {
        logs = new LogFiles(folder, 200, InstantSource.fixed(NOW));
    }

    @Test
    void aFollowerSeesLinesAsTheyArePrintedAndTheirEnd() throws Exception {
        PipedInputStream output = new PipedInputStream();
        LogReader reader;
        try (PipedOutputStream program = new PipedOutputStream(output)) {
            logs.record("shop", "pod", output);
            reader = logs.read("shop", "pod", LogQuery.FOLLOW).orElseThrow();
            program.write("first\nsec".getBytes(StandardCharsets.UTF_8));
            program.flush();
            assertThat(reader.next()).contains(new LogLine(NOW, "first"));
            program.write("ond\n".getBytes(StandardCharsets.UTF_8));
            program.flush();
            assertThat(reader.next()).contains(new LogLine(NOW, "second"));
        }
        try (reader) {
            assertThat(reader.next()).isEmpty();
        }
    }

    @Test
    void aFollowerMissesNothingWhenTheFileMovesAside() throws Exception {
        PipedInputStream output = new PipedInputStream();
        try (PipedOutputStream program = new PipedOutputStream(output)) {
            logs.record("shop", "pod", output);
            try (LogReader reader = logs.read("shop", "pod", LogQuery.FOLLOW).orElseThrow()) {
                for (int i = 0; i < 50; i++) {
                    program.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
                    program.flush();
                    assertThat(reader.next()).contains(new LogLine(NOW, "line " + i));
                }
            }
        }
        assertThat(folder.resolve("shop/pod/current.log").toFile().length()).isLessThan(300);
        assertThat(folder.resolve("shop/pod/current.1.log").toFile().length()).isLessThan(300);
    }

    @Test
    void theRunBeforeIsKept() throws Exception {
        run("one\n");
        run("two\n");
        assertThat(texts(LogQuery.ALL)).containsExactly("two");
        assertThat(texts(new LogQuery(true, false, -1, Instant.EPOCH))).containsExactly("one");
    }

    @Test
    void theNewestLinesAloneCanBeAskedFor() throws Exception {
        run("a\nb\nc\n");
        assertThat(texts(new LogQuery(false, false, 2, Instant.EPOCH))).containsExactly("b", "c");
        assertThat(texts(new LogQuery(false, false, -1, NOW.plusSeconds(1)))).isEmpty();
    }

    @Test
    void aProgramWithoutLineEndsIsCutIntoLines() throws Exception {
        LogFile log = run("x".repeat(40_000));
        assertThat(log.newestLines()).hasSize(3).allMatch(line -> line.length() <= 16_384);
    }

    @Test
    void aPodThatIsGoneLeavesNothing() throws Exception {
        run("one\n");
        logs.forget("shop", "pod");
        assertThat(logs.read("shop", "pod", LogQuery.ALL)).isEmpty();
        assertThat(folder.resolve("shop/pod")).doesNotExist();
    }

    private LogFile run(String output) throws IOException, InterruptedException {
        InputStream stream = new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8));
        LogFile log = logs.record("shop", "pod", stream);
        log.awaitEnd(Duration.ofSeconds(60));
        return log;
    }

    private List<String> texts(LogQuery query) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        try (LogReader reader = logs.read("shop", "pod", query).orElseThrow()) {
            for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                texts.add(line.get().text());
            }
        }
        return texts;
    }
}
