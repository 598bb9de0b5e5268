package dev.weft.runtime.process;

import dev.weft.runtime.linux.Terminal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts every process of the platform on one platform thread that lives as long as the platform: the parent-death
 * signal is sent when the <em>thread</em> that started the child ends (prctl(2)), so a passing thread would take its
 * children along.
 */
public final class Spawner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spawner.class);

    static final Path ROOT = Path.of("/");
    static final File NOTHING = new File("/dev/null");

    private final Watchdog watchdog;
    private final Isolation isolation;
    private final ProcessRecords records;
    private final Thread thread;
    private final LinkedBlockingQueue<Start> starts = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    private record Start(ProcessBuilder builder, CompletableFuture<Process> started) {}

    /**
     * Sweeps what an earlier platform with the same folder left, then is ready.
     *
     * @param folder for the records of running processes
     */
    public Spawner(Path folder) {
        this(folder, true);
    }

    /** @param namespaces whether to use pid namespaces where they are allowed */
    Spawner(Path folder, boolean namespaces) {
        this.watchdog = watchdog();
        this.isolation = (namespaces ? PidNamespace.probe() : Optional.<PidNamespace>empty())
                .<Isolation>map(found -> found)
                .orElseGet(() -> new ProcessGroup(watchdog));
        this.records = new ProcessRecords(folder);
        int swept = records.sweep();
        if (swept > 0) {
            LOG.warn("ended {} processes that an earlier run had left behind", swept);
        }
        this.thread = Thread.ofPlatform().name("weft-spawner").daemon(true).start(this::work);
    }

    public Isolation isolation() {
        return isolation;
    }

    /** Starts a program where this process is itself; blocks until it is started. */
    public RunningProcess start(List<String> command, Map<String, String> environment, Path directory, Runnable died)
            throws IOException {
        return start(new Program(List.of(), List.of(), false, Optional.empty(), command, environment, directory), died);
    }

    /**
     * Starts a program; blocks until it is started.
     *
     * @param died called first of all when it has ended, on a thread that must not be held up
     * @throws IOException when it cannot be started; the message names what is missing
     */
    public RunningProcess start(Program program, Runnable died) throws IOException {
        RunningProcess running = start(program, died, false);
        running.closeInput();
        return running;
    }

    /** The same for a program that waits for what is written to it; see {@link RunningProcess#become}. */
    public RunningProcess park(Program program, Runnable died) throws IOException {
        return start(program, died, true);
    }

    private RunningProcess start(Program program, Runnable died, boolean reads) throws IOException {
        List<String> words = new ArrayList<>(program.limits());
        words.addAll(program.entrance());
        words.addAll(isolation.wrap(program.account(), program.command(), reads));
        ProcessBuilder builder = builder(words, program.begin()).redirectErrorStream(true);
        Process process = start(builder, program.command().getFirst());
        ProgramEnvironment.hand(program.environment(), process);
        return new RunningProcess(process, isolation, this, program, () -> {
            died.run();
            ended(process);
        });
    }

    /** Starts a command beside a program; see {@link RunningProcess#execute}. */
    Execution execute(Process running, Program program, List<String> command, boolean terminal) throws IOException {
        List<String> words = new ArrayList<>(program.limits());
        words.addAll(isolation.beside(running, program.network(), program.account()));
        // Entering other mounts begins at their root.
        if (!terminal) {
            words.addAll(PipedExecution.onPipes(program.directory(), command));
            Process process = start(builder(words, program.begin()), command.getFirst());
            ProgramEnvironment.hand(program.environment(), process);
            return new PipedExecution(process, isolation, () -> ended(process));
        }
        Terminal own = Terminal.open();
        try {
            words.addAll(TerminalExecution.onTerminal(own, program.directory(), command));
            Map<String, String> environment = new LinkedHashMap<>(program.environment());
            environment.putIfAbsent("TERM", "xterm");
            ProcessBuilder builder = builder(words, program.begin()).redirectErrorStream(true);
            Process process = start(builder, command.getFirst());
            ProgramEnvironment.handAll(environment, process);
            return new TerminalExecution(process, isolation, own, () -> ended(process));
        } catch (IOException | RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /** Without any environment: these programs still have the platform's capabilities. */
    private static ProcessBuilder builder(List<String> words, Path directory) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().clear();
        return builder;
    }

    private Process start(ProcessBuilder builder, String name) throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        starts.add(new Start(builder, started));
        if (closed) {
            refuseStarts(); // the thread may have looked at its queue for the last time
        }
        try {
            return started.join();
        } catch (CompletionException e) {
            throw new IOException("cannot start " + name + ": " + message(e), e);
        }
    }

    /** Ends the thread, and with it, by the death signal, whatever still runs. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        watchdog.close();
    }

    private void start(Start start) {
        try {
            Process process = start.builder().start();
            try {
                records.add(process.pid());
                watchdog.add(process.pid());
            } catch (RuntimeException e) {
                isolation.kill(process); // nobody would know of it
                throw e;
            }
            start.started().complete(process);
        } catch (IOException | RuntimeException e) {
            start.started().completeExceptionally(e);
        }
    }

    private void ended(Process process) {
        records.remove(process.pid());
        if (!closed) {
            watchdog.ended(process.pid());
        }
    }

    private void work() {
        try {
            while (!closed) {
                start(starts.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseStarts();
    }

    private void refuseStarts() {
        for (Start start = starts.poll(); start != null; start = starts.poll()) {
            start.started().completeExceptionally(new IOException("the platform is stopping"));
        }
    }

    private static String message(CompletionException e) {
        return Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("unknown reason");
    }

    private static Watchdog watchdog() {
        try {
            return new Watchdog();
        } catch (IOException e) {
            throw new UncheckedIOException("no shell to watch over workloads", e);
        }
    }
}
