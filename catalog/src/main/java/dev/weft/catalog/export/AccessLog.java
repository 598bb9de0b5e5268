package dev.weft.catalog.export;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request, and for each opaque connection, that a condition picks. Event loops hand Outcomes over; one thread words and writes them, so a
 * slow disk costs lines (which are counted), never time of a request. A file that was moved away is opened anew.
 *
 * <p>Owner of the stream: the writing thread.
 */
public final class AccessLog implements Consumer<Ended>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int WAITING_MAX = 16_384;

    private final LogFormat format;
    private final LogCondition condition;
    private final Set<Hop> hops;
    private final Optional<Path> file;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final StringBuilder text = new StringBuilder();
    private final Outbox<Ended> outbox;
    private @Nullable OutputStream out;
    private @Nullable Object fileKey;
    private boolean failing;

    /**
     * Starts logging.
     *
     * @param hops whose requests are logged
     * @param file appended to; empty for standard output
     */
    public AccessLog(LogFormat format, LogCondition condition, Set<Hop> hops, Optional<Path> file) {
        this.format = format;
        this.condition = condition;
        this.hops = Set.copyOf(hops);
        this.file = file;
        this.outbox = new Outbox<>("weft-access-log", WAITING_MAX, this::write);
    }

    /** The headers that the proxy has to note for this log. */
    public Set<String> headers() {
        Set<String> all = new HashSet<>(format.headers());
        all.addAll(condition.headers());
        return all;
    }

    @Override
    public void accept(Ended ended) {
        if (hops.contains(ended.hop()) && condition.holds(ended)) {
            outbox.add(ended);
        }
    }

    /** Lines written. */
    public long written() {
        return written.get();
    }

    /** Lines that are missing because they came faster than they could be written, or could not be. */
    public long dropped() {
        return outbox.dropped() + lost.get();
    }

    private void write(List<Ended> batch) {
        text.setLength(0);
        for (Ended ended : batch) {
            switch (ended) {
                case Outcome request -> format.append(text, request);
                case ConnectionOutcome connection -> format.append(text, connection);
            }
            text.append('\n');
        }
        try {
            OutputStream stream = stream();
            stream.write(text.toString().getBytes(StandardCharsets.UTF_8));
            stream.flush();
            written.addAndGet(batch.size());
            failing = false;
        } catch (IOException e) {
            lost.addAndGet(batch.size());
            if (!failing) {
                LOG.warn("the access log cannot be written; lines are lost until it can: {}", e.toString());
            }
            failing = true;
            closeStream();
        }
    }

    private OutputStream stream() throws IOException {
        if (file.isEmpty()) {
            return System.out;
        }
        Path path = file.get();
        Object key = key(path);
        OutputStream open = out;
        if (open == null || key == null || !key.equals(fileKey)) {
            closeStream();
            open = new FileOutputStream(path.toFile(), true);
            out = open;
            fileKey = key(path);
        }
        return open;
    }

    private static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null; // it is not there
        }
    }

    private void closeStream() {
        OutputStream open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing the access log", e);
            }
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        outbox.close();
        closeStream();
    }
}
