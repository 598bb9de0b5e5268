package dev.weft.catalog;

import dev.weft.catalog.declared.Declared;
import dev.weft.catalog.export.Exports;
import dev.weft.catalog.metrics.History;
import dev.weft.catalog.slo.Objectives;
import dev.weft.catalog.tap.Taps;
import dev.weft.catalog.web.Answers;
import dev.weft.catalog.web.Console;
import dev.weft.catalog.web.ConsoleState;
import dev.weft.catalog.why.Recent;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.ResourceStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * The catalogue. Every Outcome goes through {@link #listener}, on the event loop that made it, in this order: the counters,
 * the access log and the spans, the requests kept for {@code why}, the taps that are open.
 */
public final class Catalog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

    private final Snapshots snapshots;
    private final CatalogOptions options;
    private final Metering metering;
    private final OutcomeListener listener;
    private final History history;
    private final Recent recent;
    private final Taps taps = new Taps();
    private final Objectives objectives;
    private final Declared declared;
    private final Answers answers;
    private final ConsoleState console;
    private final List<Console> consoles = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Starts counting at once; nothing listens before {@link #handlers()} are mounted. */
    public Catalog(ResourceStore store, Snapshots snapshots, Clock clock, CatalogOptions options) {
        this.snapshots = snapshots;
        this.options = options;
        metering = new Metering(snapshots, options.seriesMax(), this::certificateEnds);
        history = new History(clock, metering.traffic(), metering.backends());
        recent = new Recent(options.recentSlots());
        objectives = new Objectives(store, clock, metering.traffic()::read, options.directory());
        declared = new Declared(store);
        answers = new Answers(snapshots, history, metering.text(), recent, taps, objectives, declared);
        console = new ConsoleState(clock, snapshots, history, objectives, declared, recent);
        listener = metering.then(new Keeping(recent, taps));
        options.certificates()
                .ifPresent(certificates -> certificates.onChange(() ->
                        Thread.ofVirtual().name("catalog-certificates").start(metering.text()::certificatesChanged)));
        Thread.ofVirtual().name("catalog-tick").start(this::tickUntilClosed);
    }

    /** Counts, logs and keeps what ends; to be told on the event loop that it ended on. */
    public OutcomeListener listener() {
        return listener;
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
        metering.text().balancers(states);
    }

    /** Has every Outcome logged and sent on from now on; the caller closes what was so. */
    public void export(Exports newest) {
        metering.export(newest);
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
        metering.traffic().review();
        metering.backends().review();
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
        Map<WorkloadIdentity, Instant> ends = new TreeMap<>(Comparator.comparing(WorkloadIdentity::uri));
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

    /** Keeps what ends, for {@code why}, and offers it to the taps that are open. */
    private record Keeping(Recent recent, Taps taps) implements OutcomeListener {

        @Override
        public void routed(ServiceName service) {}

        @Override
        public void ended(Outcome outcome) {
            recent.keep(outcome);
            taps.offer(outcome);
        }

        @Override
        public void ended(ConnectionOutcome outcome) {
            recent.keep(outcome);
            taps.offer(outcome);
        }
    }
}
