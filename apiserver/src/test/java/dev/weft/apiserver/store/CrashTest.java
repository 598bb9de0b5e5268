package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process full of writers with SIGKILL at random points, again and again on the same file. {@code
 * -Dcrash.rounds=200} for the long form.
 */
class CrashTest {

    private static final int ROUNDS = Integer.getInteger("crash.rounds", 5);

    private static final Pattern ACKNOWLEDGED = Pattern.compile("acknowledged (\\S+) (\\d+) (\\d+)\\.");

    @TempDir
    Path directory;

    private final Map<String, Long> acknowledged = new HashMap<>();
    private long newest;

    @Test
    void losesNothingThatItAcknowledgedAndNeverGoesBack() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < ROUNDS; round++) {
            killAfter(1 + random.nextInt(2_000));
            try (SqliteStore store = new SqliteStore(directory, InstantSource.system())) {
                assertThat(store.version()).isGreaterThanOrEqualTo(newest);
                acknowledged.forEach((name, number) -> assertThat(store.get(Kinds.CONFIG_MAP.key("default", name))
                                .orElseThrow()
                                .at("/data/number")
                                .asLong(0))
                        .as(name)
                        .isGreaterThanOrEqualTo(number));
            }
        }
        assertThat(acknowledged).hasSize(20);
    }

    /** @param writes how many acknowledgements to read before the kill; what is printed by then is read too */
    private void killAfter(int writes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Writers.command(directory))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int read = 0;
            String line = lines.readLine();
            while (line != null) {
                note(line);
                read++;
                if (read == writes) {
                    process.toHandle().destroyForcibly(); // unlike the process itself leaves what it printed to read
                }
                line = lines.readLine();
            }
            assertThat(read).isGreaterThanOrEqualTo(writes);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The last line may be cut off. */
    private void note(String line) {
        Matcher matcher = ACKNOWLEDGED.matcher(line);
        if (matcher.matches()) {
            acknowledged.merge(matcher.group(1), Long.parseLong(matcher.group(2)), Math::max);
            newest = Math.max(newest, Long.parseLong(matcher.group(3)));
        }
    }
}
