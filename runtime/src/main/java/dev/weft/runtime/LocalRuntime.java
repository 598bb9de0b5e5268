package dev.weft.runtime;

import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.resources.Change;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.autoscale.Autoscalers;
import dev.weft.runtime.deployment.DeploymentReconciler;
import dev.weft.runtime.deployment.DisruptionBudgets;
import dev.weft.runtime.deployment.NewPods;
import dev.weft.runtime.image.FunctionCommand;
import dev.weft.runtime.image.ImageBuild;
import dev.weft.runtime.image.LocalImages;
import dev.weft.runtime.job.CronJobReconciler;
import dev.weft.runtime.job.JobReconciler;
import dev.weft.runtime.logs.LogFiles;
import dev.weft.runtime.names.ClusterNames;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.namespace.PodNamespace;
import dev.weft.runtime.node.ThisNode;
import dev.weft.runtime.node.Usage;
import dev.weft.runtime.node.UsageMeter;
import dev.weft.runtime.pod.Environment;
import dev.weft.runtime.pod.Events;
import dev.weft.runtime.pod.InstanceTable;
import dev.weft.runtime.pod.PodParts;
import dev.weft.runtime.pod.PodReconciler;
import dev.weft.runtime.pod.RunAs;
import dev.weft.runtime.process.Cgroups;
import dev.weft.runtime.process.Execution;
import dev.weft.runtime.process.MemoryWatcher;
import dev.weft.runtime.process.Spawner;
import dev.weft.runtime.spare.ProcessStart;
import dev.weft.runtime.spare.ProcessStarts;
import dev.weft.runtime.spare.Spares;
import dev.weft.runtime.volume.AccountTokens;
import dev.weft.runtime.volume.Volumes;
import dev.weft.runtime.wire.LoopbackWire;
import dev.weft.runtime.wire.NamespaceWire;
import dev.weft.runtime.wire.Wire;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** The runtime of one machine: runs what the store declares, until it is closed. */
public final class LocalRuntime implements Endpoints, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalRuntime.class);

    private final InstanceTable instances = new InstanceTable();
    private final Spawner spawner;
    private final ClusterNames names;
    private final Optional<NamespaceWire> networks;
    private final Wire wire;
    private final LogFiles logs;
    private final Events events;
    private final ImageBuild builds;
    private final MemoryWatcher memory;
    private final Spares spares;
    private final ProcessStarts starts = new ProcessStarts();
    private final ThisNode node;
    private final UsageMeter usage;
    private final PodReconciler pods;
    private final DeploymentReconciler deployments;
    private final JobReconciler jobs;
    private final CronJobReconciler cronJobs;
    private final Autoscalers autoscalers;
    private final DisruptionBudgets budgets;
    private final List<AutoCloseable> watches = new ArrayList<>();

    /**
     * Ends what an earlier run left behind and begins at once.
     *
     * @param store what is declared
     */
    public LocalRuntime(ResourceStore store, RuntimeOptions options) {
        this(store, options, Optional.empty(), _ -> 0, AccountTokens.NONE);
    }

    /**
     * Ends what an earlier run left behind and begins at once.
     *
     * @param maker of the pods' networks, this runtime's own from now on; without one all pods share the host's
     * @param underWay how many requests the pod {@code namespace/name} has to answer still, as its proxy counts them; a
     *     program that shall end is asked to when there are none left, or its grace period is over
     * @param tokens for the pods' service accounts
     */
    public LocalRuntime(
            ResourceStore store,
            RuntimeOptions options,
            Optional<Maker> maker,
            ToIntFunction<String> underWay,
            AccountTokens tokens) {
        InstantSource clock = InstantSource.system();
        RandomGenerator random = RandomGenerator.getDefault();
        Path data = options.dataDirectory();
        Cgroups cgroups = new Cgroups(options.machine());
        cgroups.begin(); // while this process has no children that would have to go with it
        this.spawner = new Spawner(data.resolve("processes"));
        this.names = new ClusterNames(store, instances::instances);
        this.networks = maker.map(its -> new NamespaceWire(spawner, its, names, data, options.inboundPort(), random));
        this.wire = networks.isPresent()
                ? networks.get()
                : new LoopbackWire(spawner, options.outboundPort(), options.inboundPort(), random);
        this.logs = new LogFiles(data.resolve("logs"), options.logBytesMax(), clock);
        this.events = new Events(store, clock);
        this.builds = new ImageBuild(spawner, logs);
        FunctionCommand functions =
                new FunctionCommand(options.javaHome(), options.functionHost(), FunctionHostJar.interfaces());
        LocalImages images = new LocalImages(store, options.baseDirectory(), functions, builds);
        Environment environment = new Environment(
                store,
                name -> System.getenv().getOrDefault(name, ""),
                options.javaHome().toString());
        Volumes volumes = new Volumes(data.resolve("volumes"), store, tokens, clock);
        this.memory = new MemoryWatcher();
        this.spares = new Spares(wire, functions, options.spares(), environment.ofEveryProgram(), images::functions);
        this.node = new ThisNode(store, data, clock);
        this.pods = new PodReconciler(
                store,
                new PodParts(
                        images,
                        wire,
                        instances,
                        environment,
                        volumes,
                        logs,
                        events,
                        options.drain(),
                        underWay,
                        RunAs.here(),
                        cgroups,
                        memory,
                        spares,
                        starts,
                        clock),
                node::takesPods);
        this.usage = new UsageMeter(pods::running, clock).start();
        NewPods newPods = new NewPods(store, this::adopt, random, events);
        this.deployments = new DeploymentReconciler(store, newPods, clock, events);
        this.jobs = new JobReconciler(store, newPods, clock, events);
        this.cronJobs = new CronJobReconciler(store, clock, events);
        this.autoscalers = new Autoscalers(store, usage::pods, clock, events);
        this.budgets = new DisruptionBudgets(store, clock);
        watch(store);
        LOG.debug("pods run in {}, {}", spawner.isolation().description(), wire.description());
    }

    @Override
    public List<Instance> instances() {
        return instances.instances();
    }

    @Override
    public void onChange(Runnable listener) {
        instances.onChange(listener);
    }

    /** What pods print. Builds of images are under the namespace {@code builds}. */
    public LogFiles logs() {
        return logs;
    }

    /**
     * Starts a command beside a container's program, as {@code kubectl exec} does: in its namespaces and working directory,
     * with its environment. Close it after use.
     *
     * @param container empty for the pod's first
     * @param terminal whether its streams are one terminal
     * @throws IOException when nothing of that name runs, or the command cannot be started; the message says so
     */
    public Execution execute(String namespace, String pod, String container, List<String> command, boolean terminal)
            throws IOException {
        return pods.execute(Kinds.POD.key(namespace, pod), container, command, terminal);
    }

    /**
     * Connects to a port of a pod, as {@code kubectl port-forward} does: past the mesh, from inside its network.
     *
     * @throws IOException when nothing listens there, or there is no such pod; the message says so
     */
    public Socket connect(String namespace, String pod, int port) throws IOException {
        return new PodPorts(instances, this::network).connect(namespace, pod, port);
    }

    /** The network of the pod {@code namespace/name}, where pods have their own and while it has one; from any thread. */
    public Optional<PodNamespace> network(String pod) {
        return networks.flatMap(all -> all.network(pod));
    }

    /** Whether every pod has a network to itself. */
    public boolean separatesPods() {
        return networks.isPresent();
    }

    /** How many JVMs are parked for functions now. */
    public int parkedSpares() {
        return spares.parked();
    }

    /** How the newest processes of these pods came to be, the newest first. */
    public List<ProcessStart> processStarts(Predicate<ProcessStart> asked, int max) {
        return starts.newest(asked, max);
    }

    /** What every running pod used lately. */
    public List<Usage.OfPod> podUsage() {
        return usage.pods();
    }

    /** What this machine used lately; empty for the first seconds. */
    public Optional<Usage.OfNode> nodeUsage() {
        return usage.node();
    }

    /** What addresses mean inside the pods' networks. */
    public ClusterNames names() {
        return names;
    }

    /** How processes are kept and how pods are connected, one line each. */
    public List<String> description() {
        return List.of(spawner.isolation().description(), wire.description());
    }

    /** Ends every program in good order and waits for that; what is declared stays declared. */
    @Override
    public void close() {
        watches.forEach(LocalRuntime::closeQuietly);
        deployments.close();
        autoscalers.close();
        budgets.close();
        cronJobs.close();
        jobs.close();
        builds.close();
        usage.close();
        node.close();
        pods.close();
        spares.close();
        events.close();
        memory.close();
        wire.close();
        spawner.close();
    }

    /** The pods of controllers begin as this machine's own, which saves a write; while it takes none they wait. */
    private void adopt(ObjectNode pod) {
        if (node.takesPods()) {
            PodReconciler.adopt(pod);
        }
    }

    private void watch(ResourceStore store) {
        watch(store, Kinds.LOCAL_IMAGE, change -> {
            pods.somethingElseChanged();
            spares.functionsChanged();
        });
        watch(store, Kinds.SECRET, change -> pods.somethingElseChanged());
        watch(store, Kinds.CONFIG_MAP, change -> pods.somethingElseChanged());
        watch(store, Kinds.POD, change -> {
            pods.podChanged(change);
            deployments.podChanged(change);
            jobs.podChanged(change);
            budgets.podsChanged(change);
        });
        watch(store, Kinds.DISRUPTION_BUDGET, budgets::budgetChanged);
        watch(store, Kinds.NODE, change -> {
            node.nodeChanged(change);
            pods.nodeChanged();
        });
        watch(store, Kinds.DEPLOYMENT, change -> {
            deployments.deploymentChanged(change);
            budgets.podsChanged(change);
        });
        watch(store, Kinds.AUTOSCALER, autoscalers::autoscalerChanged);
        watch(store, Kinds.CRON_JOB, cronJobs::cronJobChanged);
        watch(store, Kinds.JOB, change -> {
            jobs.jobChanged(change);
            cronJobs.jobChanged(change);
        });
        watch(store, Kinds.REPLICA_SET, deployments::replicaSetChanged);
        watch(store, Kinds.SERVICE, change -> serviceChanged(store, change));
        watch(store, Kinds.NAMESPACE, names::namespaceChanged);
    }

    /** Where services have addresses, {@code spec.clusterIP} says them. */
    private void serviceChanged(ResourceStore store, Change change) {
        names.serviceChanged(change);
        if (separatesPods() && change.type() != Change.Type.DELETED) {
            names.withAddress(change.resource())
                    .ifPresent(
                            addressed -> Thread.ofVirtual().name("cluster-ip").start(() -> write(store, addressed)));
        }
    }

    private static void write(ResourceStore store, Resource addressed) {
        try {
            store.update(addressed);
        } catch (RefusedException e) { // changed meanwhile: that change comes here too
            LOG.debug("the address of {} was not written", addressed.key(), e);
        }
    }

    private void watch(ResourceStore store, Kind kind, Consumer<Change> consumer) {
        watches.add(store.watch(kind, consumer));
    }

    private static void closeQuietly(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("a watch did not close", e);
        }
    }
}
