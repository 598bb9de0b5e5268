package dev.weft.runtime.pod;

import dev.weft.model.workload.Instance;
import dev.weft.runtime.pod.ContainerRun.Role;
import dev.weft.runtime.process.Execution;
import dev.weft.runtime.spare.Spare;
import dev.weft.runtime.volume.PodVolumes;
import dev.weft.runtime.wire.PodWire;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one pod, on one virtual thread: its network and volumes, then its init containers one after the other, then the
 * others side by side, each a {@link ContainerRun}; sidecars end last. Others only signal it ({@link #stop}, {@link #poke}).
 *
 * <p>Owner of what containers share, that is who has joined, the ports, the readiness and the spare: this object's monitor.
 */
final class PodRun {

    private static final Logger LOG = LoggerFactory.getLogger(PodRun.class);

    private final PodSpec spec;
    private final PodParts parts;
    private final Consumer<PodRun> changed;
    private final Consumer<PodRun> ended;
    private final Instant startTime;
    private final List<ContainerRun> init;
    private final List<ContainerRun> containers;
    private final Thread thread;
    private final Set<ContainerRun> joined = new HashSet<>();
    private Joined place = new Joined(List.of(), List.of());
    private boolean ready;
    private Instant readySince;
    private Optional<Spare> spare = Optional.empty();
    private String fresh = "";
    private volatile Optional<PodWire> wire = Optional.empty();
    private volatile Optional<PodVolumes> volumes = Optional.empty();
    private volatile boolean initialized;
    private volatile boolean stopping;
    private volatile boolean over;

    /** What the programs of a pod have in common while one of them runs. */
    record Joined(List<Instance.Port> ports, List<Instance.Outlet> outlets) {

        /** All ports, those of this container first. */
        List<Instance.Port> ports(ContainerSpec container) {
            return ports.stream()
                    .sorted(Comparator.comparing(port -> !container.declares(port.containerPort())))
                    .toList();
        }
    }

    /**
     * @param restarts how often each container's program had been restarted before this platform started
     * @param changed called after each step, on some container's thread
     * @param ended called once, when everything of the pod is over
     */
    PodRun(
            PodSpec spec,
            PodParts parts,
            Map<String, Integer> restarts,
            Consumer<PodRun> changed,
            Consumer<PodRun> ended) {
        this.spec = spec;
        this.parts = parts;
        this.changed = changed;
        this.ended = ended;
        this.startTime = parts.clock().instant();
        this.readySince = startTime;
        this.init = spec.init().stream()
                .map(each -> run(each, each.sidecar() ? Role.SIDECAR : Role.INIT, restarts))
                .toList();
        this.containers = spec.containers().stream()
                .map(each -> run(each, Role.MAIN, restarts))
                .toList();
        this.thread = Thread.ofVirtual().name("pod-" + spec.key().name()).unstarted(this::live);
    }

    private ContainerRun run(ContainerSpec container, Role role, Map<String, Integer> restarts) {
        return new ContainerRun(this, container, role, parts, restarts.getOrDefault(container.name(), 0));
    }

    void start() {
        thread.start();
    }

    /** In place of {@link #start}: none of its containers begins. */
    void refuse(String reason, String message) {
        containers.forEach(each -> each.failed(reason, message));
    }

    void awaitEnd() {
        awaitEnd(thread);
    }

    /** Whoever interrupts it meanwhile has his interrupt after it. */
    static void awaitEnd(Thread thread) {
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

    PodSpec spec() {
        return spec;
    }

    synchronized PodState state() {
        return new PodState(
                startTime,
                wire.map(PodWire::address).orElse(""),
                initialized,
                ready,
                readySince,
                init.stream().map(ContainerRun::state).toList(),
                containers.stream().map(ContainerRun::state).toList());
    }

    /** Whether the last process has ended and none will follow. */
    boolean over() {
        return over;
    }

    /** Takes the pod out of the endpoints at once and ends its programs in good order; returns at once. */
    void stop() {
        stopping = true;
        parts.instances().ready(spec.key(), false);
        containers.forEach(ContainerRun::stop);
        init.stream().filter(each -> each.role() == Role.INIT || !initialized).forEach(ContainerRun::stop);
    }

    /** Something that it may be waiting for has changed. */
    void poke() {
        all().forEach(ContainerRun::poke);
    }

    /** Its containers whose programs run. From any thread. */
    List<RunningContainer> running() {
        return all().flatMap(each -> each.running().stream()).toList();
    }

    /** Starts a command beside a container's program; an empty name means the first container. From any thread. */
    Execution execute(String container, List<String> command, boolean terminal) throws IOException {
        String name = container.isEmpty() ? spec.containers().getFirst().name() : container;
        return all().filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "container " + name + " is not one of pod " + spec.key().name()))
                .execute(command, terminal);
    }

    /** Writes what has changed into the files that are mounted; from any thread. */
    void refreshVolumes() {
        volumes.ifPresent(PodVolumes::refresh);
    }

    private Stream<ContainerRun> all() {
        return Stream.concat(init.stream(), containers.stream());
    }

    /** While its containers live. */
    PodWire wire() {
        return wire.orElseThrow();
    }

    PodVolumes volumes() {
        return volumes.orElseThrow();
    }

    private void live() {
        try (PodWire connected = connect();
                PodVolumes own = parts.volumes()
                        .of(
                                spec.resource(),
                                connected.address(),
                                connected::memory,
                                parts.runAs().group(spec))) {
            wire = Optional.of(connected);
            volumes = Optional.of(own);
            try {
                if (initialize()) {
                    containers.forEach(ContainerRun::start);
                    containers.forEach(ContainerRun::awaitEnd);
                }
                endSidecars();
            } finally {
                all().forEach(ContainerRun::kill);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("{} gets no network", spec.key(), e);
            containers.forEach(each -> each.failed("NetworkFailed", String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("{} has failed inside the platform", spec.key(), e);
            containers.forEach(each -> each.failed("RuntimeFailed", String.valueOf(e.getMessage())));
        } finally {
            takeSpare().ifPresent(Spare::discard);
            parts.instances().remove(spec.key());
            over = true;
            ended.accept(this);
        }
    }

    private PodWire connect() throws IOException {
        NoEffect.of(spec, parts.runAs().root(), parts.cgroups().used())
                .forEach(what -> parts.events().warning(spec.resource(), "NoEffect", what));
        String namespace = spec.resource().namespace();
        String name = spec.resource().name();
        if (!spec.hostNetwork()) {
            return connect(namespace, name);
        }
        parts.events()
                .warning(
                        spec.resource(),
                        "OutsideMesh",
                        "hostNetwork: what this pod calls leaves the mesh, without its identity, policy or metrics, and"
                                + " whoever reaches this machine reaches its ports");
        return parts.wire().connectOnHost(namespace, name, spec.ports());
    }

    /** On the wire of a parked program, where the pod can have one. */
    private PodWire connect(String namespace, String name) throws IOException {
        Optional<String> refusal = SpareChoice.refusal(spec, parts);
        if (refusal.isPresent()) {
            startFresh(refusal.get());
            return parts.wire().connect(namespace, name, spec.ports());
        }
        Optional<Spare> taken = parts.spares().take();
        if (taken.isPresent()) {
            try {
                PodWire its = taken.get().connect(namespace, name, spec.ports());
                synchronized (this) {
                    spare = taken;
                }
                return its;
            } catch (IOException | RuntimeException e) {
                LOG.warn("{}: a spare was of no use", spec.key(), e);
                taken.get().close();
                startFresh("the spare could not become this pod's: " + e.getMessage());
            }
        } else {
            startFresh("no spare was parked");
        }
        return parts.wire().connect(namespace, name, spec.ports());
    }

    /** The parked program on this pod's wire, for the first who asks. */
    synchronized Optional<Spare> takeSpare() {
        Optional<Spare> taken = spare;
        spare = Optional.empty();
        return taken;
    }

    /** Something is missing that the program waits for: its spare would wait too, beyond what the pool may hold. */
    void giveUpSpare(String why) {
        takeSpare().ifPresent(its -> {
            its.discard();
            startFresh(why);
        });
    }

    /** Why the next program of the pod begins in a fresh process. */
    synchronized String fresh() {
        String why = fresh.isEmpty() ? "a spare is taken once, and this program was started again" : fresh;
        fresh = "";
        return why;
    }

    private synchronized void startFresh(String why) {
        fresh = why;
    }

    /** Init containers in order, each to its end or, a sidecar, to its start; false when the pod shall not go on. */
    private boolean initialize() throws InterruptedException {
        for (ContainerRun each : init) {
            if (stopping) {
                return false;
            }
            each.start();
            if (each.role() == Role.SIDECAR) {
                each.awaitStarted();
            } else {
                each.awaitEnd();
                if (!each.state().completed()) {
                    return false;
                }
            }
        }
        initialized = !stopping;
        changed();
        return initialized;
    }

    /** The last to begin ends first. */
    private void endSidecars() {
        List<ContainerRun> last = new ArrayList<>(init.reversed());
        last.removeIf(each -> each.role() != Role.SIDECAR);
        for (ContainerRun each : last) {
            each.stop();
            each.awaitEnd();
        }
    }

    /** A container's program is about to start; the first one's ports may differ from those of the run before. */
    synchronized Joined joined(ContainerRun container) {
        if (joined.isEmpty()) {
            place = new Joined(
                    wire().assignPorts(),
                    wire().assignOutlets(parts.environment().outletsWanted(spec)));
            parts.instances().publish(spec.key(), instance());
        }
        joined.add(container);
        return place;
    }

    /** What the wire tells a container's program: {@code PORT} is of its own ports. */
    Map<String, String> told(ContainerSpec container, Joined shared) {
        Map<String, String> told = new LinkedHashMap<>(wire().environment(shared.ports(container)));
        if (container.ports().isEmpty()) {
            told.remove("PORT");
        }
        return told;
    }

    /** A container's program has ended, or does not start. */
    synchronized void left(ContainerRun container) {
        joined.remove(container);
        if (joined.isEmpty()) {
            parts.instances().remove(spec.key());
        } else if (container.role() != Role.INIT) {
            parts.instances().ready(spec.key(), false);
        }
    }

    /** A container's program is about to be ended. */
    synchronized void unready(ContainerRun container) {
        if (joined.contains(container)) {
            parts.instances().ready(spec.key(), false);
        }
    }

    /** Some container has taken a step. */
    void changed() {
        synchronized (this) {
            boolean now = initialized
                    && !stopping
                    && all().filter(each -> each.role() != Role.INIT)
                            .allMatch(each -> each.state().ready() && joined.contains(each));
            if (now != ready) {
                ready = now;
                readySince = parts.clock().instant();
                parts.instances().ready(spec.key(), now);
            }
        }
        changed.accept(this);
    }

    private Instance instance() {
        return new Instance(
                spec.workload(),
                spec.resource().labels(),
                wire().nodeAddress(),
                wire().outboundPort(),
                place.ports(),
                place.outlets(),
                false);
    }
}
