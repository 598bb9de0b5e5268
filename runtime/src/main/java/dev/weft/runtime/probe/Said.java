package dev.weft.runtime.probe;

import dev.weft.runtime.process.Execution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a probe's command prints while it runs, of which the beginning is kept. It is taken by looking a few times a second,
 * and never waited for: the command may have started something that keeps its streams open for ever.
 */
final class Said implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Said.class);
    private static final int BYTES_MAX = 256;

    /** As much as a pipe holds, once a look: who prints without end is not followed, and waits in his own pipe. */
    private static final int CHUNK_BYTES_MAX = 64 << 10;

    private static final long LOOK_NANOS = 50_000_000;

    private final List<InputStream> streams;
    private final Execution execution;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Said(Execution execution) {
        this.execution = execution;
        this.streams = List.of(execution.output(), execution.errors());
    }

    /** Its exit code; whatever it prints meanwhile is taken, so that it never waits for somebody to do so. */
    int awaitExit(Duration timeout) throws ExecutionException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                long left = end - System.nanoTime();
                int code = execution.exit().get(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
                take();
                return code;
            } catch (TimeoutException e) {
                if (System.nanoTime() - end >= 0) {
                    throw e;
                }
                take();
            }
        }
    }

    private void take() {
        for (InputStream stream : streams) {
            try {
                byte[] some = stream.readNBytes(Math.min(stream.available(), CHUNK_BYTES_MAX));
                kept.write(some, 0, Math.min(some.length, BYTES_MAX - kept.size()));
            } catch (IOException e) { // what it said is a help and no more
                LOG.debug("a probe's output", e);
            }
        }
    }

    /** The other ends may stay open for ever. */
    @Override
    public void close() throws IOException {
        for (InputStream stream : streams) {
            stream.close();
        }
    }

    /** For the end of a sentence; empty when it has printed nothing. */
    String line() {
        String text = kept.toString(StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text;
    }
}
