package dev.weft.runtime.pod;

import dev.weft.model.workload.Instance;
import dev.weft.runtime.image.Executable;
import dev.weft.runtime.image.ImageProblem;
import dev.weft.runtime.logs.LogFile;
import dev.weft.runtime.namespace.Shown;
import dev.weft.runtime.pod.PodState.Container;
import dev.weft.runtime.probe.Prober;
import dev.weft.runtime.process.Execution;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.volume.PodVolumes;
import dev.weft.runtime.volume.VolumeProblem;
import dev.weft.runtime.wire.DeclaredPort;
import dev.weft.runtime.wire.Launch;
import dev.weft.runtime.wire.PodWire;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The life of one pod, on one virtual thread from its start to the end of its last process. Others only signal it
 * ({@link #stop}, {@link #poke}) and read its state, which is replaced by volatile writes of this thread alone.
 */
final class PodRun {

    private static final Logger LOG = LoggerFactory.getLogger(PodRun.class);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final Duration DRAIN_STEP = Duration.ofMillis(20);

    /** However long its last requests took, a program has this long to end by itself. */
    private static final Duration GRACE_MIN = Duration.ofSeconds(1);

    private static final Duration LOG_PATIENCE = Duration.ofMillis(200);

    private final PodSpec pod;
    private final PodParts parts;
    private final Consumer<PodRun> changed;
    private final Consumer<PodRun> ended;
    private final Signals signals = new Signals();
    private final BackOff backOff = new BackOff();
    private final Thread thread;
    private volatile Optional<RunningProcess> current = Optional.empty();
    private volatile Optional<PodVolumes> volumes = Optional.empty();
    private volatile PodState state;
    private volatile boolean over;

    /** One process and what was written down for it. */
    private record Run(RunningProcess process, LogFile log, List<Instance.Port> ports, Instant startedAt) {}

    /**
     * @param restarts how often its program had been restarted before this platform started
     * @param changed called after each step, on the pod's thread
     * @param ended called once, when everything of the pod is over
     */
    PodRun(PodSpec pod, PodParts parts, int restarts, Consumer<PodRun> changed, Consumer<PodRun> ended) {
        this.pod = pod;
        this.parts = parts;
        this.changed = changed;
        this.ended = ended;
        this.state = PodState.begin(parts.clock().instant(), restarts);
        this.thread = Thread.ofVirtual().name("pod-" + pod.key().name()).unstarted(this::live);
    }

    void start() {
        thread.start();
    }

    void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    PodSpec pod() {
        return pod;
    }

    PodState state() {
        return state;
    }

    /** Whether the last process has ended and none will follow. */
    boolean over() {
        return over;
    }

    /** Takes the pod out of the endpoints at once and ends its program in good order; returns at once. */
    void stop() {
        parts.instances().ready(pod.key(), false);
        signals.stop();
    }

    /** Something that it may be waiting for has changed. */
    void poke() {
        signals.poke();
    }

    /** Starts a command beside a container's program; an empty name means the first container. From any thread. */
    Execution execute(String container, List<String> command, boolean terminal) throws IOException {
        String name = pod.container().name();
        if (!container.isEmpty() && !container.equals(name)) {
            throw new IOException(
                    "container " + container + " is not one of pod " + pod.key().name());
        }
        RunningProcess running = current.filter(RunningProcess::alive)
                .orElseThrow(() -> new IOException("container " + name + " is not running"));
        return running.execute(command, terminal);
    }

    static boolean restarts(String policy, int exitCode) {
        return policy.equals("Always") || (policy.equals("OnFailure") && exitCode != 0);
    }

    private void live() {
        List<DeclaredPort> ports = pod.container().ports();
        try (PodWire wire = parts.wire()
                        .connect(pod.resource().namespace(), pod.resource().name(), ports);
                PodVolumes own = parts.volumes().of(pod.resource(), wire.address(), wire::memory)) {
            volumes = Optional.of(own);
            step(before -> before.at(wire.address()));
            boolean again = true;
            while (again && !signals.stopping()) {
                again = runOnce(wire, own);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("{} gets no network", pod.key(), e);
            step(before -> before.waiting("NetworkFailed", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("{} has failed inside the platform", pod.key(), e);
            step(before -> before.waiting("RuntimeFailed", String.valueOf(e.getMessage())));
        } finally {
            current.ifPresent(RunningProcess::kill); // ended long ago, unless the platform itself has failed
            parts.instances().remove(pod.key());
            over = true;
            ended.accept(this);
        }
    }

    /** From preparing the program to its end and the wait before the next; false when there shall be none. */
    private boolean runOnce(PodWire wire, PodVolumes own) throws InterruptedException {
        Optional<Run> prepared = launch(wire, own);
        if (prepared.isEmpty()) {
            signals.awaitPoke(RETRY.toSeconds(), TimeUnit.SECONDS);
            return true;
        }
        Run run = prepared.get();
        supervise(run, wire);
        Container.Terminated end = end(run);
        step(before -> before.terminated(end));
        if (signals.stopping() || !restarts(pod.restartPolicy(), end.exitCode())) {
            return false;
        }
        Duration wait = backOff.after(Duration.between(run.startedAt(), end.finishedAt()));
        step(before -> before.restarting(end));
        if (!wait.isZero()) {
            String message = "back-off " + wait.toSeconds() + "s restarting failed container="
                    + pod.container().name() + " pod=" + pod.key().name();
            step(before -> before.waiting("CrashLoopBackOff", message));
            parts.events().warning(pod.resource(), "BackOff", message);
            signals.awaitStop(wait.toNanos());
        }
        return true;
    }

    /** Empty when something is missing; the state says what. */
    private Optional<Run> launch(PodWire wire, PodVolumes own) throws InterruptedException {
        if (!pod.unsupported().isEmpty()) {
            return refuse(
                    "NotSupported",
                    "not built yet in Weft, so this pod is not started: " + String.join(", ", pod.unsupported()));
        }
        List<Instance.Port> ports = wire.assignPorts();
        try {
            own.prepare();
            Executable image = parts.images().resolve(pod.container().image());
            List<Instance.Outlet> outlets =
                    wire.assignOutlets(parts.environment().outletsWanted(pod));
            Map<String, String> environment =
                    parts.environment().of(pod, wire.address(), outlets, image.environment(), wire.environment(ports));
            List<Shown> shown = own.shown(mounts(), text -> Expansion.expand(text, environment));
            if (!wire.shows()) {
                PodVolumes.told(mounts(), shown).forEach(environment::putIfAbsent);
            }
            return Optional.of(spawn(wire, ports, outlets, image, environment, shown));
        } catch (ImageProblem e) {
            return refuse(e.reason(), e.text());
        } catch (VolumeProblem e) {
            return refuse("FailedMount", String.valueOf(e.getMessage()));
        } catch (Environment.MissingReference e) {
            return refuse("CreateContainerConfigError", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return refuse("RunContainerError", String.valueOf(e.getMessage()));
        }
    }

    private Run spawn(
            PodWire wire,
            List<Instance.Port> ports,
            List<Instance.Outlet> outlets,
            Executable image,
            Map<String, String> environment,
            List<Shown> shown)
            throws IOException {
        Path directory = image.directory().resolve(pod.container().workingDirectory());
        if (!Files.isDirectory(directory) && shown.stream().noneMatch(each -> directory.startsWith(each.target()))) {
            throw new IOException("the working directory " + directory + " does not exist");
        }
        List<String> command = command(image, environment);
        signals.reset();
        // Known before the program starts: it may call out in its first millisecond, and by the time it is ready
        // the data plane has its listeners and its certificate.
        parts.instances().publish(pod.key(), instance(wire, ports, outlets));
        RunningProcess process =
                wire.start(new Launch(pod.container().name(), command, environment, directory, shown), this::died);
        current = Optional.of(process);
        LogFile log =
                parts.logs().record(pod.resource().namespace(), pod.resource().name(), process.output());
        Instant now = parts.clock().instant();
        step(before -> before.running(now, process.pid()));
        parts.events()
                .normal(
                        pod.resource(),
                        "Started",
                        "Started container " + pod.container().name());
        return new Run(process, log, ports, now);
    }

    private JsonNode mounts() {
        return pod.container().volumeMounts();
    }

    /** Writes what has changed into the files that are mounted; from any thread. */
    void refreshVolumes() {
        volumes.ifPresent(PodVolumes::refresh);
    }

    /** First of all when the program has ended, on the thread that saw it: the endpoints lose it. */
    private void died() {
        parts.instances().remove(pod.key());
        signals.exited();
    }

    private List<String> command(Executable image, Map<String, String> environment) {
        ContainerSpec container = pod.container();
        List<String> command =
                new ArrayList<>(container.command().isEmpty() ? image.entryPoint() : container.command());
        command.addAll(container.args());
        command.replaceAll(part -> Expansion.expand(part, environment));
        return command;
    }

    private static Prober.Reach reach(PodWire wire, Run run) {
        return new Prober.Reach() {
            @Override
            public Socket socket() throws IOException {
                return wire.socket();
            }

            @Override
            public Execution execute(List<String> command) throws IOException {
                return run.process().execute(command, false);
            }
        };
    }

    /** Probes until the program has ended, or has to be. */
    private void supervise(Run run, PodWire wire) throws InterruptedException {
        Supervision supervision = new Supervision(pod.container(), run.ports(), reach(wire, run), System.nanoTime());
        report(supervision, run);
        while (signals.runningUntil(supervision.dueNanos(System.nanoTime()))) {
            supervision.askDue();
            report(supervision, run);
            Optional<String> verdict = supervision.verdict();
            if (verdict.isPresent()) {
                parts.events().warning(pod.resource(), "Unhealthy", verdict.get());
                String why = "Container " + pod.container().name() + " failed its probe and will be restarted";
                end(run, why, pod.terminationGrace());
                return;
            }
        }
        if (run.process().alive()) {
            long began = System.nanoTime();
            if (state.ready()) {
                drain(run);
            }
            Duration left = pod.terminationGrace().minusNanos(System.nanoTime() - began);
            end(run, "Stopping container " + pod.container().name(), left);
        }
    }

    /** Nobody is sent there any more; whoever is there already gets his answer, for as long as the grace period lasts. */
    private void drain(Run run) throws InterruptedException {
        long end = System.nanoTime() + pod.terminationGrace().toNanos();
        String name = pod.workload().namespace() + "/" + pod.workload().name();
        boolean exited = awaitExit(run, parts.drain()).isPresent();
        while (!exited && System.nanoTime() - end < 0 && parts.underWay().applyAsInt(name) > 0) {
            exited = awaitExit(run, DRAIN_STEP).isPresent();
        }
    }

    private void report(Supervision supervision, Run run) {
        boolean ready = supervision.ready() && !signals.stopping();
        PodState before = state;
        if (ready != before.ready() || supervision.started() != before.started()) {
            parts.instances().ready(pod.key(), ready);
            long pid = ready ? run.process().programPid() : before.pid();
            Instant now = parts.clock().instant();
            step(was -> was.withPid(pid)
                    .startup(supervision.started())
                    .readiness(ready, now, supervision.unreadyBecause()));
            if (before.ready() && !ready && !signals.stopping()) {
                parts.events()
                        .warning(
                                pod.resource(), "Unhealthy", "Readiness probe failed: " + supervision.unreadyBecause());
            }
        } else if (!ready && !supervision.unreadyBecause().equals(before.unreadyBecause())) {
            step(was -> was.readiness(false, was.readySince(), supervision.unreadyBecause()));
        }
    }

    /** SIGTERM, the grace period or the program's end, whichever is first, then SIGKILL. */
    private void end(Run run, String why, Duration grace) throws InterruptedException {
        parts.instances().ready(pod.key(), false);
        parts.events().normal(pod.resource(), "Killing", why);
        run.process().terminate();
        if (awaitExit(run, grace.compareTo(GRACE_MIN) < 0 ? GRACE_MIN : grace).isEmpty()) {
            run.process().kill();
        }
    }

    private Container.Terminated end(Run run) throws InterruptedException {
        int code = awaitExit(run, Duration.ofDays(1)).orElse(137);
        run.log().awaitEnd(LOG_PATIENCE);
        String message = code == 0 ? "" : String.join("\n", run.log().newestLines());
        Instant now = parts.clock().instant();
        return new Container.Terminated(code, code == 0 ? "Completed" : "Error", message, run.startedAt(), now);
    }

    private static Optional<Integer> awaitExit(Run run, Duration patience) throws InterruptedException {
        try {
            return Optional.of(run.process().exit().get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process cannot fail", e);
        }
    }

    private Optional<Run> refuse(String reason, String message) {
        parts.instances().remove(pod.key());
        if (!state.container().equals(new Container.Waiting(reason, message))) {
            step(before -> before.waiting(reason, message));
            parts.events().warning(pod.resource(), reason, message);
        }
        return Optional.empty();
    }

    private Instance instance(PodWire wire, List<Instance.Port> ports, List<Instance.Outlet> outlets) {
        return new Instance(
                pod.workload(),
                pod.resource().labels(),
                wire.nodeAddress(),
                wire.outboundPort(),
                ports,
                outlets,
                false);
    }

    private void step(UnaryOperator<PodState> next) {
        state = next.apply(state);
        changed.accept(this);
    }
}
