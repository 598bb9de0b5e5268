package dev.weft.runtime.spare;

import dev.weft.runtime.host.HandOver;
import dev.weft.runtime.image.FunctionCommand.Served;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.wire.DeclaredPort;
import dev.weft.runtime.wire.Launch;
import dev.weft.runtime.wire.PodWire;
import dev.weft.runtime.wire.SpareWire;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One parked JVM and the wire on which it waits. Who takes it uses it once, whatever comes of it. */
public final class Spare implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int SAID_BYTES_MAX = 16 << 10;

    /** A shell, which fresh processes get theirs from, knows no others. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final SpareWire wire;
    private final RunningProcess process;
    private final CompletableFuture<Boolean> died;
    private final Map<String, String> environment;

    private Spare(
            SpareWire wire, RunningProcess process, CompletableFuture<Boolean> died, Map<String, String> environment) {
        this.wire = wire;
        this.process = process;
        this.died = died;
        this.environment = environment;
    }

    /**
     * Starts one and waits until it is parked.
     *
     * @param wire its own from now on
     * @param parked the line that it prints then
     * @throws IOException when it does not come to that; the message has what it printed instead
     */
    static Spare park(SpareWire wire, List<String> command, Map<String, String> host, String parked)
            throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(host);
        environment.putAll(wire.environment());
        CompletableFuture<Boolean> died = new CompletableFuture<>();
        try {
            RunningProcess process = wire.park(command, environment, () -> died.complete(true));
            Spare spare = new Spare(wire, process, died, environment);
            spare.await(parked);
            return spare;
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private void await(String parked) throws IOException {
        CompletableFuture<Boolean> here = new CompletableFuture<>();
        Executor late = CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        late.execute(() -> {
            if (!here.isDone()) {
                process.kill();
            }
        });
        try {
            awaitLine(parked);
        } catch (IOException e) {
            process.kill();
            throw e;
        } finally {
            here.complete(true);
        }
    }

    /** Reads no further than that line: what follows is the function's own. */
    private void awaitLine(String parked) throws IOException {
        InputStream output = process.output();
        StringBuilder said = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (int next = output.read(); next >= 0 && said.length() < SAID_BYTES_MAX; next = output.read()) {
            said.append((char) next);
            if (next != '\n') {
                line.append((char) next);
            } else if (line.toString().equals(parked)) {
                return;
            } else {
                line.setLength(0);
            }
        }
        throw new IOException(
                "a spare ended before it was parked: " + said.toString().strip());
    }

    /** What it was started with: who wants other values of what a JVM reads at its start needs another one. */
    Map<String, String> environment() {
        return environment;
    }

    boolean alive() {
        return process.alive();
    }

    long pid() {
        return process.pid();
    }

    /** Runs this when it has ended, at once if it has already. */
    void onEnd(Runnable ended) {
        var _ = died.thenRun(ended);
    }

    /** Makes its wire the pod's, who closes it. */
    public PodWire connect(String namespace, String pod, List<DeclaredPort> ports) throws IOException {
        return wire.connect(namespace, pod, ports);
    }

    /**
     * Makes it what would have been launched.
     *
     * @param connected what {@link #connect} gave
     * @param prepare brings it into limits, before it loads anything
     * @param ended called first of all when it has ended, on a thread that must not be held up
     * @throws IOException when it cannot be done; it has ended then
     */
    public RunningProcess become(Launch launch, Fit.Suits suits, PodWire connected, Preparing prepare, Runnable ended)
            throws IOException {
        try {
            prepare.prepare(process);
            HandOver message = message(launch, suits);
            connected.become(process, launch, message::write);
        } catch (IOException | RuntimeException e) {
            process.kill();
            throw e;
        }
        onEnd(ended);
        return process;
    }

    /** What has to be done to the process first. */
    public interface Preparing {
        void prepare(RunningProcess process) throws IOException;
    }

    private static HandOver message(Launch launch, Fit.Suits suits) {
        Map<String, String> told = new LinkedHashMap<>(launch.environment());
        told.keySet().removeIf(name -> !NAME.matcher(name).matches());
        told.put("PWD", launch.directory().toString()); // as the shell that starts others says it
        Served served = suits.served();
        return new HandOver(
                told, suits.properties(), launch.directory().toString(), served.classpath(), served.className());
    }

    /** Ends it; the wire is the pod's already. */
    public void discard() {
        process.kill();
    }

    /** Ends it, and gives the wire back. */
    @Override
    public void close() {
        process.kill();
        wire.close();
    }
}
