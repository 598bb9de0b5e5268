package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks at the system calls of a process full of writers: what it acknowledges has been written to SQLite's log, and a sync
 * of the log that began after that has returned. A killed process cannot show this, because the kernel keeps what it wrote.
 */
class SyncTest {

    private static final int ACKNOWLEDGEMENTS = 300;

    private static final Pattern LOGGED = Pattern.compile("resourceVersion\\\\\":\\\\\"(\\d+)");
    private static final Pattern ACKNOWLEDGED = Pattern.compile("acknowledged \\S+ \\d+ (\\d+)\\.");

    @TempDir
    Path directory;

    @Test
    void acknowledgesOnlyWhatASyncOfTheLogHasReachedTheDiskWith() throws Exception {
        Path strace = Path.of("/usr/bin/strace");
        if (!Files.isExecutable(strace)) {
            assertThat(System.getenv("CI"))
                    .as("strace is not installed, and CI")
                    .isNull();
            Assumptions.abort("strace is not installed");
        }
        Path trace = directory.resolve("trace");

        write(strace, trace);

        Story story = Story.of(trace);
        assertThat(story.acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGEMENTS);
        story.acknowledged.forEach((version, line) -> {
            assertThat(story.logged).as("where the log has each version").containsKey(version);
            int logged = story.logged.getOrDefault(version, Integer.MAX_VALUE);
            assertThat(story.syncs)
                    .as("a sync between line " + logged + ", which logs version " + version + ", and line " + line
                            + ", which acknowledges it")
                    .anyMatch(sync -> sync.from() > logged && sync.to() < line);
        });
        assertThat(story.syncs).as("one for a group of writes").hasSizeLessThan(story.acknowledged.size());
    }

    private void write(Path strace, Path trace) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(strace.toString(), "-f", "-y", "--seccomp-bpf", "-s", "40000"));
        command.addAll(List.of("-e", "trace=write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range"));
        command.addAll(List.of("-o", trace.toString()));
        command.addAll(Writers.command(directory));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (int read = 0; read < ACKNOWLEDGEMENTS; read++) {
                assertThat(lines.readLine()).contains("acknowledged");
            }
            process.descendants().forEach(ProcessHandle::destroyForcibly); // the writers: then strace ends its file
            while (lines.readLine() != null) { // until all of it is written
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
    }

    private record Sync(int from, int to) {}

    /**
     * What happened, by the line of the trace.
     *
     * @param logged where each version has been written to the log
     * @param acknowledged where the process began to say that it has kept a version
     */
    private record Story(Map<Long, Integer> logged, List<Sync> syncs, Map<Long, Integer> acknowledged) {

        static Story of(Path trace) throws IOException {
            Story story = new Story(new TreeMap<>(), new ArrayList<>(), new TreeMap<>());
            Map<String, Integer> syncing = new TreeMap<>();
            List<String> lines = Files.readAllLines(trace, StandardCharsets.ISO_8859_1);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                String thread = line.substring(0, Math.max(0, line.indexOf(' ')));
                boolean resumed = line.contains(" resumed>");
                if (line.contains("store.db-wal>") && line.contains("sync(")) {
                    syncing.put(thread, i);
                } else if (line.contains("store.db-wal>")) {
                    story.note(LOGGED, line, i, story.logged);
                } else if (line.contains("acknowledged ")) {
                    story.note(ACKNOWLEDGED, line, i, story.acknowledged);
                }
                boolean returns = line.endsWith("= 0") && (resumed || line.contains("sync("));
                if (returns && syncing.containsKey(thread)) {
                    story.syncs.add(new Sync(syncing.remove(thread), i));
                }
            }
            return story;
        }

        private void note(Pattern pattern, String line, int number, Map<Long, Integer> into) {
            Matcher found = pattern.matcher(line);
            while (found.find()) {
                into.putIfAbsent(Long.parseLong(found.group(1)), number);
            }
        }
    }
}
