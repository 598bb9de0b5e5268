package dev.weft.runtime.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One started program with everything that it starts itself. Its exit code is 128 + signal when it was killed. */
public final class RunningProcess {

    private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);
    private static final int KILLED = 128 + 9;

    private final Process process;
    private final Isolation isolation;
    private final CompletableFuture<Integer> exit;
    private final Spawner spawner;
    private volatile Program program;
    private final Set<Execution> beside = ConcurrentHashMap.newKeySet();
    private volatile boolean killed;

    /** @param program from which it was started, for commands beside it */
    RunningProcess(Process process, Isolation isolation, Spawner spawner, Program program, Runnable ended) {
        this.process = process;
        this.isolation = isolation;
        this.spawner = spawner;
        this.program = program;
        this.exit = process.onExit().thenApply(done -> {
            try {
                ended.run();
            } catch (RuntimeException e) { // that it has ended is true all the same, and whoever waits has to know
                LOG.error("after the end of process {}", process.pid(), e);
            }
            beside.forEach(Execution::close);
            return killed ? KILLED : done.exitValue(); // a launcher whose child was killed ends with a code of its own
        });
    }

    /** What a parked program reads. */
    public interface Message {
        void write(OutputStream input) throws IOException;
    }

    /**
     * Tells a parked program what it is from now on, and nothing more afterwards.
     *
     * @param becoming what it would have been started from otherwise; commands beside it begin there
     */
    public void become(Program becoming, Message message) throws IOException {
        program = becoming;
        message.write(process.getOutputStream());
        process.getOutputStream().close();
    }

    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("process {} has ended without its environment", process.pid(), e);
        }
    }

    /** It with all that it has started, the outermost first. */
    public List<Long> tree() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** The outermost process; killing it ends the rest. */
    public long pid() {
        return process.pid();
    }

    /** The program itself, seen from outside its namespace; the outermost process while it is still being started. */
    public long programPid() {
        return isolation.programs(process).mapToLong(ProcessHandle::pid).min().orElse(process.pid());
    }

    /** What it prints, both streams; ends when the last process that holds it ends. */
    public InputStream output() {
        return process.getInputStream();
    }

    /**
     * Starts a command beside the program: in its namespaces, its working directory and with its environment, without any
     * capability. It ends with the program at the latest.
     *
     * @param terminal whether its streams are a terminal, of which {@link Execution#resize} tells the size
     * @throws IOException when the program has ended, or this machine has no such terminals
     */
    public Execution execute(List<String> command, boolean terminal) throws IOException {
        Execution execution = spawner.execute(process, program, command, terminal);
        beside.add(execution);
        var _ = execution.exit().whenComplete((_, _) -> beside.remove(execution));
        if (exit.isDone()) {
            execution.close();
        }
        return execution;
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
        if (process.isAlive()) {
            killed = true; // else its own exit code stands
        }
        isolation.kill(process);
    }
}
