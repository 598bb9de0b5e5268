package dev.weft.runtime.logs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one pod's log line by line; belongs to one thread, which may be interrupted to end it. */
public final class LogReader implements AutoCloseable {

    private final Path file;
    private final Optional<LogFile> live;
    private final LogQuery query;
    private final ArrayDeque<LogLine> tail = new ArrayDeque<>();
    private @Nullable BufferedReader reader;
    private int generation;
    private boolean begun;

    LogReader(Path file, Optional<LogFile> live, LogQuery query) {
        this.file = file;
        this.live = live;
        this.query = query;
    }

    /** The next line; blocks for one when following; empty at the end. */
    public Optional<LogLine> next() throws IOException, InterruptedException {
        if (!begun) {
            begin();
        }
        if (!tail.isEmpty()) {
            return Optional.of(tail.removeFirst());
        }
        while (true) {
            long seen = live.map(LogFile::lines).orElse(0L);
            Optional<LogLine> line = read();
            if (line.isPresent()) {
                return line;
            }
            if (!query.follow() || live.isEmpty()) {
                return Optional.empty();
            }
            if (live.get().generation() == generation && !live.get().awaitMoreThan(seen)) {
                return Optional.empty();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }

    /** Reads all that is there now, if only the newest of it are wanted. */
    private void begin() throws IOException {
        begun = true;
        if (query.tailLines() < 0) {
            return;
        }
        for (Optional<LogLine> line = read(); line.isPresent(); line = read()) {
            tail.addLast(line.get());
            if (tail.size() > query.tailLines()) {
                tail.removeFirst();
            }
        }
    }

    private Optional<LogLine> read() throws IOException {
        for (String stored = readStored(); stored != null; stored = readStored()) {
            LogLine line = LogLine.parse(stored);
            if (!line.time().isBefore(query.since())) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    private @Nullable String readStored() throws IOException {
        while (true) {
            if (reader == null) {
                generation = live.map(LogFile::generation).orElse(0);
                try {
                    reader = Files.newBufferedReader(file);
                } catch (NoSuchFileException e) {
                    return null; // nothing printed yet, or just moved aside
                }
            }
            String line = reader.readLine();
            if (line != null) {
                return line;
            }
            boolean moved = live.map(LogFile::generation).orElse(0) != generation;
            if (!moved) {
                return null;
            }
            line = reader.readLine(); // what was written between our look at the end and the move
            if (line != null) {
                return line;
            }
            reader.close();
            reader = null;
        }
    }
}
