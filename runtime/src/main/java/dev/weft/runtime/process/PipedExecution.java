package dev.weft.runtime.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A command whose streams are three pipes. */
final class PipedExecution implements Execution {

    private final Process process;
    private final Isolation isolation;
    private final CompletableFuture<Integer> exit;

    PipedExecution(Process process, Isolation isolation, Runnable ended) {
        this.process = process;
        this.isolation = isolation;
        this.exit = process.onExit().thenApply(done -> {
            ended.run();
            return done.exitValue();
        });
    }

    @Override
    public OutputStream input() {
        return process.getOutputStream();
    }

    @Override
    public InputStream output() {
        return process.getInputStream();
    }

    @Override
    public InputStream errors() {
        return process.getErrorStream();
    }

    @Override
    public void resize(int columns, int rows) {}

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            isolation.killBeside(process);
        }
    }
}
