package dev.weft.catalog;

import dev.weft.catalog.declared.Declared;
import dev.weft.catalog.export.Exports;
import dev.weft.catalog.exposition.PrometheusText;
import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Counters;
import dev.weft.catalog.metrics.History;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.catalog.slo.Objectives;
import dev.weft.catalog.tap.Taps;
import dev.weft.catalog.web.Answers;
import dev.weft.catalog.web.Console;
import dev.weft.catalog.web.ConsoleState;
import dev.weft.catalog.why.Recent;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.ResourceStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogue. Every Outcome goes through {@link #ended}, on the event loop that made it, in this order: the counters,
 * the requests kept for {@code why}, the taps that are open, the access log and the spans.
 */
public final class Catalog implements OutcomeListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

    private final Snapshots snapshots;
    private final CatalogOptions options;
    private final Counters<Traffic> traffic;
    private final Counters<BackendTraffic> backends;
    private final Recorder recorder;
    private final PrometheusText metrics;
    private final History history;
    private final Recent recent;
    private final Taps taps = new Taps();
    private final Objectives objectives;
    private final Declared declared;
    private final Answers answers;
    private final ConsoleState console;
    private final List<Console> consoles = new CopyOnWriteArrayList<>();
    private volatile Exports exports = Exports.NONE;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Starts counting at once; nothing listens before {@link #handlers()} are mounted. */
    public Catalog(ResourceStore store, Snapshots snapshots, Clock clock, CatalogOptions options) {
        this.snapshots = snapshots;
        this.options = options;
        traffic = Counters.ofRequests(options.seriesMax());
        backends = Counters.ofTries(options.seriesMax());
        recorder = new Recorder(traffic, backends);
        history = new History(clock, traffic, backends);
        recent = new Recent(options.recentSlots());
        objectives = new Objectives(store, clock, traffic::read, options.directory());
        declared = new Declared(store);
        metrics = new PrometheusText(traffic, backends, this::certificateEnds);
        answers = new Answers(snapshots, history, metrics, recent, taps, objectives, declared);
        console = new ConsoleState(clock, snapshots, history, objectives, declared, recent);
        snapshots.onChange(snapshot -> recorder.use(Apexes.of(snapshot)));
        options.certificates()
                .ifPresent(certificates -> certificates.onChange(
                        () -> Thread.ofVirtual().name("catalog-certificates").start(metrics::certificatesChanged)));
        Thread.ofVirtual().name("catalog-tick").start(this::tickUntilClosed);
    }

    @Override
    public void routed(ServiceName service) {
        // Counted when it has ended; requests in flight are the autoscaler's concern.
    }

    @Override
    public void ended(Outcome outcome) {
        recorder.record(outcome);
        recent.keep(outcome);
        taps.offer(outcome);
        exports.accept(outcome);
    }

    @Override
    public void protocolFound(Hop hop, Workload reporter, Optional<ServicePort> service, ProtocolVerdict verdict) {
        metrics.streams().protocolFound(hop, reporter, verdict);
    }

    @Override
    public void opened(LiveConnection connection) {
        metrics.streams().opened(connection);
    }

    @Override
    public void closed(LiveConnection connection, LiveConnection.End how) {
        metrics.streams().closed(connection, how);
    }

    @Override
    public void retryRefused(Workload reporter, String frontend, String rule, RetryRefusal why) {
        metrics.retries().refused(reporter, frontend, rule, why);
    }

    @Override
    public void ended(ConnectionOutcome outcome) {
        metrics.streams().ended(outcome);
        recent.keep(outcome);
        taps.offer(outcome);
        exports.accept(outcome);
    }

    @Override
    public void refused(RefusedConnection refusal) {
        metrics.streams().refused(refusal);
    }

    /**
     * Handlers to mount by name under {@code /weft/v1/}: {@code stat}, {@code edges}, {@code counters}, {@code slo}, {@code
     * topology}, {@code why} (with
     * {@code /REQUEST-ID} after it), {@code tap} (a stream of JSON lines) and {@code metrics} (Prometheus text). All
     * answer GET; {@code tap} blocks its thread, so it wants virtual ones.
     */
    public Map<String, Handler> handlers() {
        return answers.handlers();
    }

    /**
     * Calls {@code listener} with whether anybody taps, when that may have changed; for a proxy that tells its decisions
     * only while somebody listens.
     */
    public void onTap(Consumer<Boolean> listener) {
        taps.onChange(listener);
    }

    /** Has the metrics tell how endpoints are, as the proxy knows them; asked for each reading. */
    public void balancers(Supplier<List<BalancerState>> states) {
        metrics.balancers(states);
    }

    /** Has every Outcome logged and sent on from now on; the caller closes what was so. */
    public void export(Exports newest) {
        exports = newest;
        metrics.include(newest);
    }

    /**
     * Starts the console, on loopback, over plain HTTP, without a token; it ends with the catalogue.
     *
     * @param port 0 for any that is free
     * @throws IOException when the port is taken
     */
    public Console console(int port) throws IOException {
        Console started = Console.start(port, console, handlers());
        consoles.add(started);
        return started;
    }

    @Override
    public void close() {
        closed.countDown();
        consoles.forEach(Console::close);
        declared.close();
        objectives.close();
    }

    /** Once a second; tests call it with a clock of their own. */
    void tick() {
        traffic.review();
        backends.review();
        history.tick();
        recent.tick();
        objectives.tick();
    }

    private void tickUntilClosed() {
        try {
            while (!closed.await(1, TimeUnit.SECONDS)) {
                try {
                    tick();
                } catch (RuntimeException e) {
                    LOG.error("The catalogue missed a tick; its windows are less exact for a moment", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<WorkloadIdentity, Instant> certificateEnds() {
        if (options.certificates().isEmpty()) {
            return Map.of();
        }
        Set<WorkloadIdentity> identities = new HashSet<>();
        snapshots.current().instances().stream()
                .map(Instance::workload)
                .forEach(workload -> identities.add(workload.identity()));
        Map<WorkloadIdentity, Instant> ends = new TreeMap<>(java.util.Comparator.comparing(WorkloadIdentity::uri));
        for (WorkloadIdentity identity : identities) {
            ends.put(
                    identity,
                    options.certificates()
                            .get()
                            .certificate(identity)
                            .chain()
                            .getFirst()
                            .getNotAfter()
                            .toInstant());
        }
        return ends;
    }
}
