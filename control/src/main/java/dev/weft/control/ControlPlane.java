package dev.weft.control;

import dev.weft.control.acme.HostCertificates;
import dev.weft.control.compile.Compiler;
import dev.weft.control.compile.EdgeOptions;
import dev.weft.control.declared.Declarations;
import dev.weft.control.endpoint.EndpointSliceWriter;
import dev.weft.control.endpoint.EndpointsWriter;
import dev.weft.control.status.VerdictWriter;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.problem.Verdict;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.Endpoints;
import dev.weft.resources.Change;
import dev.weft.resources.Kind;
import dev.weft.resources.Reconciler;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the store and the instances, compiles on one thread, and publishes each new snapshot by one volatile write. A
 * burst of changes makes one snapshot; a change of instances does not wait for the burst to end.
 *
 * <p>Owner of the declarations and of the order of versions: the compiling thread. Watches only put changes into {@code
 * changes}. Statuses, events and EndpointSlices are written on a second thread, so that no disk delays a snapshot.
 */
public final class ControlPlane implements Snapshots, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    /** How long a change of resources waits for more of them. */
    private static final Duration BURST = Duration.ofMillis(5);

    /** How long what is written for people to see waits for more of it. */
    private static final Duration UNHURRIED = Duration.ofMillis(100);

    /** Certificates come to their ends without a change. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    private enum Work {
        COMPILE,
        WRITE_SLICES
    }

    private final ResourceStore store;
    private final Endpoints endpoints;
    private final Compiler compiler;
    private final HostCertificates certificates;
    private final VerdictWriter verdictWriter;
    private final EndpointSliceWriter sliceWriter;
    private final EndpointsWriter endpointsWriter;
    private final Declarations declarations = new Declarations();
    private final Queue<Change> changes = new ConcurrentLinkedQueue<>();
    private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> watches = new ArrayList<>();
    private final Reconciler<Work> compiling;
    private final Reconciler<ResourceReference> writingVerdicts;
    private final Reconciler<Work> writingSlices;
    private volatile Snapshot current;
    private boolean published;
    private volatile Map<ResourceReference, Verdict> verdicts = Map.of();
    private volatile List<Service> services = List.of();

    /**
     * A control plane that does nothing yet.
     *
     * @param firstVersion of the first snapshot; higher than any that was ever published from this data directory (the
     *     time in milliseconds does, as a snapshot takes longer than that)
     */
    public ControlPlane(ResourceStore store, Endpoints endpoints, EdgeOptions options, Clock clock, long firstVersion) {
        this(store, endpoints, options, clock, firstVersion, new HostCertificates());
    }

    /**
     * The same where authorities are asked for certificates.
     *
     * @param certificates what they ask the edge, and how far each Host is
     */
    public ControlPlane(
            ResourceStore store,
            Endpoints endpoints,
            EdgeOptions options,
            Clock clock,
            long firstVersion,
            HostCertificates certificates) {
        this.store = store;
        this.certificates = certificates;
        this.endpoints = endpoints;
        this.compiler = new Compiler(options, clock);
        this.verdictWriter = new VerdictWriter(store, certificates, clock);
        this.sliceWriter = new EndpointSliceWriter(store);
        this.endpointsWriter = new EndpointsWriter(store);
        this.current = new Snapshot(
                firstVersion - 1, List.of(), List.of(), Map.of(), Map.of(), List.of(), Map.of(), List.of());
        this.compiling = new Reconciler<>("weft-compile", work -> compile());
        this.writingVerdicts = new Reconciler<>("weft-verdicts", this::writeVerdict);
        this.writingSlices = new Reconciler<>("weft-endpointslices", work -> {
            sliceWriter.write(services, current.instances());
            endpointsWriter.write(services, current.instances());
        });
    }

    /** Reads everything that is declared, publishes the first snapshot, and follows every change from then on. */
    public void start() {
        for (Kind kind : Declarations.watched()) {
            watches.add(store.watch(kind, this::changed));
        }
        for (Kind kind : Declarations.watched()) {
            store.list(kind).forEach(resource -> changes.add(new Change(Change.Type.ADDED, resource)));
        }
        endpoints.onChange(() -> compiling.enqueue(Work.COMPILE));
        certificates.onChallenges(() -> compiling.enqueue(Work.COMPILE));
        certificates.onProgress(writingVerdicts::enqueue);
        compiling.enqueue(Work.COMPILE);
    }

    @Override
    public Snapshot current() {
        return current;
    }

    @Override
    public void onChange(Consumer<Snapshot> listener) {
        listeners.add(listener);
        listener.accept(current);
    }

    @Override
    public void close() {
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.warn("a watch did not close", e);
            }
        }
        compiling.close();
        writingVerdicts.close();
        writingSlices.close();
    }

    private void changed(Change change) {
        changes.add(change);
        compiling.enqueueAfter(Work.COMPILE, BURST);
    }

    private void compile() {
        compiling.enqueueAfter(Work.COMPILE, LOOK_AGAIN);
        boolean declared = false;
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            declared |= declarations.apply(change);
        }
        if (declared) {
            services = declarations.services();
        }
        Snapshot before = current;
        Snapshot compiled =
                compiler.compile(before.version() + 1, declarations, endpoints.instances(), certificates.challenges());
        Snapshot next = share(before, compiled);
        if (published && next.equals(withVersion(before, next.version()))) {
            return;
        }
        published = true; // the first one always, so that whoever waits for it learns that all was read
        current = next;
        listeners.forEach(listener -> tell(listener, next));
        enqueueVerdicts(next);
        if (declared || !next.instances().equals(before.instances())) {
            writingSlices.enqueueAfter(Work.WRITE_SLICES, UNHURRIED);
        }
    }

    /** A listener that throws is a bug of its own and must not keep the news from the others. */
    private static void tell(Consumer<Snapshot> listener, Snapshot snapshot) {
        try {
            listener.accept(snapshot);
        } catch (RuntimeException e) {
            LOG.error("a listener of snapshots failed", e);
        }
    }

    private void enqueueVerdicts(Snapshot snapshot) {
        Map<ResourceReference, Verdict> before = verdicts;
        Map<ResourceReference, Verdict> now = new HashMap<>();
        snapshot.verdicts().forEach(verdict -> now.put(verdict.resource(), verdict));
        verdicts = now;
        now.forEach((reference, verdict) -> {
            if (!verdict.equals(before.get(reference))) {
                writingVerdicts.enqueue(reference);
            }
        });
    }

    private void writeVerdict(ResourceReference reference) {
        Verdict verdict = verdicts.get(reference);
        if (verdict != null) {
            verdictWriter.write(verdict);
        }
    }

    /** Keeps the older object where nothing changed, so that readers can tell by identity. */
    private static Snapshot share(Snapshot before, Snapshot now) {
        return new Snapshot(
                now.version(),
                same(before.edge(), now.edge()),
                same(before.edgeFrontends(), now.edgeFrontends()),
                same(before.meshFrontends(), now.meshFrontends()),
                same(before.groups(), now.groups()),
                same(before.instances(), now.instances()),
                same(before.access(), now.access()),
                same(before.limits(), now.limits()),
                now.edgeRules(),
                same(before.verdicts(), now.verdicts()),
                now.meshHeads());
    }

    private static <T> T same(T before, T now) {
        return before.equals(now) ? before : now;
    }

    private static Snapshot withVersion(Snapshot snapshot, long version) {
        return new Snapshot(
                version,
                snapshot.edge(),
                snapshot.edgeFrontends(),
                snapshot.meshFrontends(),
                snapshot.groups(),
                snapshot.instances(),
                snapshot.access(),
                snapshot.limits(),
                snapshot.edgeRules(),
                snapshot.verdicts(),
                snapshot.meshHeads());
    }
}
