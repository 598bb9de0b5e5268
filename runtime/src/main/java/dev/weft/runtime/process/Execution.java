package dev.weft.runtime.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/**
 * A command that runs beside a pod's program, as {@code kubectl exec} starts one. Its streams block; each is for one thread
 * of its own, and not for a virtual one.
 */
public sealed interface Execution extends AutoCloseable permits PipedExecution, TerminalExecution {

    /** What it reads; closing it is its end of input. */
    OutputStream input();

    /** What it prints. */
    InputStream output();

    /** What it prints as errors; ends at once where a terminal joins both. */
    InputStream errors();

    /** Tells its terminal's size, in characters; without a terminal nothing happens. */
    void resize(int columns, int rows) throws IOException;

    /**
     * Completes with its exit code: 128 + signal when it was killed, 126 or 127 when it could not be started, as in a shell.
     * On a thread that must not be held up.
     */
    CompletableFuture<Integer> exit();

    /** Ends it and what it has started, if it still runs. */
    @Override
    void close();
}
