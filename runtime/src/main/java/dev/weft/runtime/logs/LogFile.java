package dev.weft.runtime.logs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one run, being written. Over its limit it moves aside once, and the one that was aside before is gone.
 *
 * <p>Owner of the counters and the newest lines: {@code lock}; the file itself belongs to the copying thread.
 */
public final class LogFile {

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);
    private static final int NEWEST = 20;
    private static final int LINE_CHARS_MAX = 16 << 10;

    private final Path file;
    private final long bytesMax;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<String> newest = new ArrayDeque<>();
    private long lines;
    private int generation;
    private boolean ended;
    private boolean closed;

    LogFile(Path file, long bytesMax, InstantSource clock) {
        this.file = file;
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    /** The last lines printed, at most twenty, oldest first. */
    public List<String> newestLines() {
        lock.lock();
        try {
            return List.copyOf(newest);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the program's output has ended and is all in the file, or the patience is over. */
    public void awaitEnd(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!ended && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many times the file has moved aside. */
    int generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    long lines() {
        lock.lock();
        try {
            return lines;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until more than {@code seen} lines are in the file; false when there will be no more. */
    boolean awaitMoreThan(long seen) throws InterruptedException {
        lock.lock();
        try {
            while (lines <= seen && !ended && !closed) {
                changed.await();
            }
            return lines > seen;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes readers that wait for more: there is nothing more to come for them. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Reads to the end of the output whatever happens to the file: a program must not die of a full disk here. */
    void copy(InputStream output) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            copy(reader);
        } catch (IOException e) {
            LOG.warn("the output for {} cannot be read", file, e);
        } finally {
            end();
        }
    }

    private void copy(BufferedReader reader) throws IOException {
        try {
            boolean more = true;
            while (more) {
                more = fill(reader);
            }
        } catch (IOException e) {
            LOG.warn("the log {} ends here; what its program prints from now on is dropped", file, e);
            reader.transferTo(Writer.nullWriter());
        }
    }

    /** Writes one generation of the file; false at the end of the output. */
    private boolean fill(BufferedReader reader) throws IOException {
        long bytes = 0;
        try (Writer writer = Files.newBufferedWriter(file)) {
            for (String text = nextLine(reader); text != null; text = nextLine(reader)) {
                String line = new LogLine(clock.instant(), text).stored();
                writer.write(line);
                writer.write('\n');
                writer.flush(); // before readers are told of it
                bytes += line.length() + 1;
                written(text);
                if (bytes > bytesMax) {
                    moveAside();
                    return true;
                }
            }
            return false;
        }
    }

    /** A line without its end, cut where it grows too long; null at the end of the output. */
    private static @Nullable String nextLine(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = reader.read(); read >= 0; read = reader.read()) {
            if (read == '\n') {
                return line.toString();
            }
            if (read != '\r') {
                line.append((char) read);
            }
            if (line.length() == LINE_CHARS_MAX) {
                return line.toString();
            }
        }
        return line.isEmpty() ? null : line.toString();
    }

    private void written(String text) {
        lock.lock();
        try {
            lines++;
            newest.addLast(text);
            if (newest.size() > NEWEST) {
                newest.removeFirst();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void moveAside() throws IOException {
        Files.move(file, file.resolveSibling("current.1.log"), StandardCopyOption.REPLACE_EXISTING);
        lock.lock();
        try {
            generation++;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
