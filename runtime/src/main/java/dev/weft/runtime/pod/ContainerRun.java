package dev.weft.runtime.pod;

import dev.weft.model.workload.Instance;
import dev.weft.runtime.logs.LogFile;
import dev.weft.runtime.pod.ContainerState.Container;
import dev.weft.runtime.probe.ProbeReach;
import dev.weft.runtime.process.Cgroup;
import dev.weft.runtime.process.Execution;
import dev.weft.runtime.process.MemoryWatcher;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.wire.Launch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one container of a pod, on one virtual thread from its start to the end of its last process. Others only signal
 * it ({@link #stop}, {@link #poke}) and read its state, which is replaced by volatile writes of this thread alone.
 */
final class ContainerRun {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerRun.class);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final Duration DRAIN_STEP = Duration.ofMillis(20);

    /** However long its last requests took, a program has this long to end by itself. */
    private static final Duration GRACE_MIN = Duration.ofSeconds(1);

    private static final int KILLED = 128 + 9;

    private static final Duration LOG_PATIENCE = Duration.ofMillis(200);

    private final PodRun pod;
    private final ContainerSpec spec;
    private final Role role;
    private final PodParts parts;
    private final Signals signals = new Signals();
    private final BackOff backOff = new BackOff();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Thread thread;
    private volatile Optional<RunningProcess> current = Optional.empty();
    private volatile Optional<ProbeReach> probes = Optional.empty();
    private volatile ContainerState state;

    /** What a container is for its pod. */
    enum Role {
        /** Runs to its end before the next one begins. */
        INIT,
        /** Begins before those that follow it, and ends after them. */
        SIDECAR,
        MAIN
    }

    /** One process and what was written down for it. */
    private record Run(
            RunningProcess process,
            Optional<Cgroup> limits,
            MemoryWatcher.Watch memory,
            LogFile log,
            List<Instance.Port> ports,
            Instant startedAt) {}

    /** @param restarts how often its program had been restarted before this platform started */
    ContainerRun(PodRun pod, ContainerSpec spec, Role role, PodParts parts, int restarts) {
        this.pod = pod;
        this.spec = spec;
        this.role = role;
        this.parts = parts;
        this.state = ContainerState.begin(
                role == Role.MAIN && !pod.spec().init().isEmpty() ? "PodInitializing" : "ContainerCreating",
                parts.clock().instant(),
                restarts);
        this.thread = Thread.ofVirtual()
                .name("pod-" + pod.spec().key().name() + "/" + spec.name())
                .unstarted(this::live);
    }

    String name() {
        return spec.name();
    }

    Role role() {
        return role;
    }

    ContainerState state() {
        return state;
    }

    void start() {
        thread.start();
    }

    /** Ends its program in good order; returns at once. */
    void stop() {
        signals.stop();
        probes.ifPresent(ProbeReach::close);
        started.countDown();
    }

    /** Something that it may be waiting for has changed. */
    void poke() {
        signals.poke();
    }

    /** Waits until its program has started, as its start-up probe says, or will not. */
    void awaitStarted() throws InterruptedException {
        started.await();
    }

    void awaitEnd() {
        PodRun.awaitEnd(thread);
    }

    /** Ended long ago, unless the platform itself has failed. */
    void kill() {
        current.ifPresent(RunningProcess::kill);
    }

    /** It cannot run, whatever it does. */
    void failed(String reason, String message) {
        step(before -> before.waiting(reason, message));
    }

    /** The outermost of its processes and since when it runs; empty while none does. From any thread. */
    Optional<RunningContainer> running() {
        return current.filter(RunningProcess::alive)
                .flatMap(process -> state.container() instanceof Container.Running(Instant since)
                        ? Optional.of(new RunningContainer(pod.spec().key(), name(), process.pid(), since))
                        : Optional.empty());
    }

    /** Starts a command beside its program. From any thread. */
    Execution execute(List<String> command, boolean terminal) throws IOException {
        RunningProcess running = current.filter(RunningProcess::alive)
                .orElseThrow(() -> new IOException("container " + name() + " is not running"));
        return running.execute(command, terminal);
    }

    static boolean restarts(String policy, int exitCode) {
        return policy.equals("Always") || (policy.equals("OnFailure") && exitCode != 0);
    }

    private boolean restartsAfter(int exitCode) {
        return switch (role) {
            case MAIN -> restarts(pod.spec().restartPolicy(), exitCode);
            case SIDECAR -> true;
            case INIT -> exitCode != 0 && !pod.spec().restartPolicy().equals("Never");
        };
    }

    private void live() {
        try {
            boolean again = true;
            while (again && !signals.stopping()) {
                again = runOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("{} has failed inside the platform", pod.spec().key(), e);
            failed("RuntimeFailed", String.valueOf(e.getMessage()));
        } finally {
            kill();
            pod.left(this);
            started.countDown();
        }
    }

    /** From preparing the program to its end and the wait before the next; false when there shall be none. */
    private boolean runOnce() throws InterruptedException {
        Optional<Run> prepared = launch();
        if (prepared.isEmpty()) {
            signals.awaitPoke(RETRY.toSeconds(), TimeUnit.SECONDS);
            return true;
        }
        Run run = prepared.get();
        supervise(run);
        Container.Terminated end = end(run);
        step(before -> before.terminated(end));
        if (signals.stopping() || !restartsAfter(end.exitCode())) {
            return false;
        }
        Duration wait = backOff.after(Duration.between(run.startedAt(), end.finishedAt()));
        step(before -> before.restarting(end));
        if (!wait.isZero()) {
            String message = "back-off " + wait.toSeconds() + "s restarting failed container=" + spec.name() + " pod="
                    + pod.spec().key().name();
            step(before -> before.waiting("CrashLoopBackOff", message));
            parts.events().warning(pod.spec().resource(), "BackOff", message);
            signals.awaitStop(wait.toNanos());
        }
        return true;
    }

    /** Empty when something is missing; the state says what. */
    private Optional<Run> launch() throws InterruptedException {
        try {
            Preparation.Prepared prepared = Preparation.of(pod, spec, parts, this);
            signals.reset();
            parts.events()
                    .normal(
                            pod.spec().resource(),
                            "Pulled",
                            "Container image \"" + spec.image() + "\" already present on machine");
            Optional<Cgroup> limits = parts.cgroups().limit(spec.processorsMax(), spec.memoryBytesMax());
            RunningProcess process = start(prepared, limits);
            LogFile log = recordOrEnd(process, limits);
            Instant now = parts.clock().instant();
            step(before -> before.running(now, process.pid()));
            parts.events().normal(pod.spec().resource(), "Started", "Started container " + spec.name());
            long watched = limits.isPresent() ? 0 : spec.memoryBytesMax();
            MemoryWatcher.Watch memory = parts.memory().over(process, watched);
            return Optional.of(new Run(process, limits, memory, log, prepared.ports(), now));
        } catch (Preparation.Refusal e) {
            pod.giveUpSpare("its spare was given up while it waited: " + e.text());
            return refuse(e.reason(), e.text());
        } catch (IOException e) {
            return refuse("RunContainerError", String.valueOf(e.getMessage()));
        }
    }

    private RunningProcess start(Preparation.Prepared prepared, Optional<Cgroup> limits) throws IOException {
        List<String> entrance = limits.map(Cgroup::entrance).orElse(List.of());
        Launch launch = prepared.launch().within(entrance);
        try {
            RunningProcess process = new Beginning(pod, parts).begin(launch, limits, this::died);
            current = Optional.of(process);
            return process;
        } catch (IOException | RuntimeException e) {
            limits.ifPresent(Cgroup::close);
            throw e;
        }
    }

    /** A program that nobody hears would go on beside the next one. */
    private LogFile recordOrEnd(RunningProcess process, Optional<Cgroup> limits)
            throws IOException, InterruptedException {
        try {
            return record(process);
        } catch (IOException e) {
            process.kill();
            var _ = Exits.await(process);
            limits.ifPresent(Cgroup::close);
            throw new IOException("its log cannot be written: " + e, e);
        }
    }

    private LogFile record(RunningProcess process) throws IOException {
        String namespace = pod.spec().resource().namespace();
        String name = pod.spec().resource().name();
        return pod.spec().containers().getFirst().equals(spec)
                ? parts.logs().record(namespace, name, process.output())
                : parts.logs().record(namespace, name, spec.name(), process.output());
    }

    /** First of all when the program has ended, on the thread that saw it: the endpoints lose it. */
    private void died() {
        pod.left(this);
        signals.exited();
    }

    /** Probes until the program has ended, or has to be. */
    private void supervise(Run run) throws InterruptedException {
        ProbeReach reach = new ProbeReach(pod.wire(), run.process());
        probes = Optional.of(reach);
        Supervision supervision =
                new Supervision(spec, run.ports(), reach, run.process()::programPid, System.nanoTime());
        report(supervision, run);
        while (signals.runningUntil(supervision.dueNanos(System.nanoTime()))) {
            supervision.askDue();
            report(supervision, run);
            Optional<String> verdict = signals.stopping() ? Optional.empty() : supervision.verdict();
            if (verdict.isPresent()) {
                parts.events().warning(pod.spec().resource(), "Unhealthy", verdict.get());
                String why = "Container " + spec.name() + " failed its probe and will be restarted";
                end(run, why, pod.spec().terminationGrace());
                return;
            }
        }
        if (run.process().alive()) {
            long began = System.nanoTime();
            if (state.ready()) {
                drain(run);
            }
            Duration left = pod.spec().terminationGrace().minusNanos(System.nanoTime() - began);
            end(run, "Stopping container " + spec.name(), left);
        }
    }

    /** Nobody is sent there any more; whoever is there already gets his answer, for as long as the grace period lasts. */
    private void drain(Run run) throws InterruptedException {
        long end = System.nanoTime() + pod.spec().terminationGrace().toNanos();
        String name =
                pod.spec().workload().namespace() + "/" + pod.spec().workload().name();
        boolean exited = Exits.await(run.process(), parts.drain()).isPresent();
        while (!exited && System.nanoTime() - end < 0 && parts.underWay().applyAsInt(name) > 0) {
            exited = Exits.await(run.process(), DRAIN_STEP).isPresent();
        }
    }

    private void report(Supervision supervision, Run run) {
        boolean ready = supervision.ready() && !signals.stopping();
        ContainerState before = state;
        if (ready != before.ready() || supervision.started() != before.started()) {
            long pid = ready ? run.process().programPid() : before.pid();
            Instant now = parts.clock().instant();
            step(was -> was.withPid(pid)
                    .startup(supervision.started())
                    .readiness(ready, now, supervision.unreadyBecause()));
            if (before.ready() && !ready && !signals.stopping()) {
                parts.events()
                        .warning(
                                pod.spec().resource(),
                                "Unhealthy",
                                "Readiness probe failed: " + supervision.unreadyBecause());
            }
        } else if (!ready && !supervision.unreadyBecause().equals(before.unreadyBecause())) {
            step(was -> was.readiness(false, was.readySince(), supervision.unreadyBecause()));
        }
    }

    /** SIGTERM, the grace period or the program's end, whichever is first, then SIGKILL. */
    private void end(Run run, String why, Duration grace) throws InterruptedException {
        if (role != Role.INIT) {
            pod.unready(this);
        }
        parts.events().normal(pod.spec().resource(), "Killing", why);
        run.process().terminate();
        if (Exits.await(run.process(), grace.compareTo(GRACE_MIN) < 0 ? GRACE_MIN : grace)
                .isEmpty()) {
            run.process().kill();
        }
    }

    private Container.Terminated end(Run run) throws InterruptedException {
        int code = Exits.await(run.process());
        run.log().awaitEnd(LOG_PATIENCE);
        String message = code == 0 ? "" : String.join("\n", run.log().newestLines());
        boolean exceeded = run.memory().exceeded()
                || run.limits().filter(Cgroup::memoryExceeded).isPresent();
        run.limits().ifPresent(Cgroup::close);
        String reason = code == KILLED && exceeded ? "OOMKilled" : code == 0 ? "Completed" : "Error";
        Instant now = parts.clock().instant();
        return new Container.Terminated(code, reason, message, run.startedAt(), now);
    }

    private Optional<Run> refuse(String reason, String message) {
        pod.left(this);
        if (!state.container().equals(new Container.Waiting(reason, message))) {
            step(before -> before.waiting(reason, message));
            parts.events().warning(pod.spec().resource(), reason, message);
        }
        return Optional.empty();
    }

    private void step(UnaryOperator<ContainerState> next) {
        state = next.apply(state);
        if (state.started()) {
            started.countDown();
        }
        pod.changed();
    }
}
