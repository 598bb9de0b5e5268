package dev.weft.runtime.process;

import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** One started program with everything that it starts itself. */
public final class RunningProcess {

    private final Process process;
    private final Isolation isolation;
    private final CompletableFuture<Integer> exit;

    RunningProcess(Process process, Isolation isolation, Runnable ended) {
        this.process = process;
        this.isolation = isolation;
        this.exit = process.onExit().thenApply(done -> {
            ended.run();
            return done.exitValue();
        });
    }

    /** The outermost process; killing it ends the rest. */
    public long pid() {
        return process.pid();
    }

    /** The program itself, seen from outside its namespace; the outermost process while it is still being started. */
    public long programPid() {
        return process.descendants()
                .filter(handle -> handle.children().findAny().isEmpty())
                .mapToLong(ProcessHandle::pid)
                .min()
                .orElse(process.pid());
    }

    /** What it prints, both streams; ends when the last process that holds it ends. */
    public InputStream output() {
        return process.getInputStream();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Completes with the exit code (128 + signal when killed), on a thread that must not be held up. */
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    /** Asks the program to end: SIGTERM. */
    public void terminate() {
        isolation.terminate(process);
    }

    /** Ends the program and all that it started: SIGKILL. */
    public void kill() {
        isolation.kill(process);
    }
}
