package dev.weft.cli.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FingerprintTests {

    @TempDir
    private Path folder;

    @Test
    void theContentDecidesAndNotTheTime() throws IOException {
        Path file = Files.writeString(folder.resolve("index.js"), "one");
        Fingerprint fingerprint = new Fingerprint(folder);
        String first = fingerprint.take();
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        assertThat(fingerprint.take()).isEqualTo(first);
        Files.writeString(file, "two");
        assertThat(fingerprint.take()).isNotEqualTo(first);
        Files.writeString(file, "one");
        assertThat(fingerprint.take()).isEqualTo(first);
    }

    @Test
    void logsAndWhatGitIgnoresAreNoChange() throws IOException {
        Files.writeString(folder.resolve(".gitignore"), """
                # made
                out/
                *.tmp
                /only-here
                deep/**/made.txt
                !kept.tmp
                """);
        Files.createDirectories(folder.resolve("src/out"));
        Files.createDirectories(folder.resolve("deep/er"));
        Fingerprint fingerprint = new Fingerprint(folder);
        String first = fingerprint.take();
        for (String made :
                new String[] {"run.log", "src/out/A.class", "a.tmp", "src/b.tmp", "only-here", "deep/er/made.txt"}) {
            Files.writeString(folder.resolve(made), "made");
            assertThat(fingerprint.take()).as(made).isEqualTo(first);
        }
        for (String written : new String[] {"src/only-here", "kept.tmp", "out", "src/made.txt"}) {
            Files.writeString(folder.resolve(written), "written");
            String next = fingerprint.take();
            assertThat(next).as(written).isNotEqualTo(first);
            first = next;
        }
    }

    @Test
    void aFolderThatNeverSettlesIsTakenAsItIs() throws Exception {
        Path file = folder.resolve("growing");
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; !enough.get(); i++) {
                try {
                    Files.writeString(file, Integer.toString(i));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        try {
            Fingerprint fingerprint = new Fingerprint(folder);
            assertThat(fingerprint.settled(fingerprint.take())).isNotEmpty();
        } finally {
            enough.set(true);
            writer.join();
        }
    }
}
