package dev.weft.proxy;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Transport;
import dev.weft.http.transport.WireCapture;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.Capacity;
import dev.weft.model.workload.Certificates;
import dev.weft.proxy.balance.CircuitBreaker;
import dev.weft.proxy.balance.CircuitBreakers;
import dev.weft.proxy.balance.Gates;
import dev.weft.proxy.balance.HashTables;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.View;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.limit.LimitScopes;
import dev.weft.proxy.message.Watching;
import dev.weft.proxy.network.Networks;
import dev.weft.proxy.trace.Tracing;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane. Follows snapshots: opens what is new inside the mesh, then shows the new view to the loops, then opens
 * the ways in, then closes what is gone; so nobody is sent where nobody listens, or asked what he does not know yet.
 *
 * <p>Owner of listeners, credentials and the making of views: one thread of its own, {@code control}; loops see their
 * result through {@code view}, one volatile read.
 */
public final class Proxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);
    private static final Duration BIND_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Snapshots snapshots;
    private final Certificates certificates;
    private final Transport transport;
    private final CircuitBreakers breakers;
    private final Gates gates;
    private final HashTables hashTables = new HashTables();
    private final LimitScopes limits;
    private final List<Worker> workers;
    private final Listeners listeners;
    private final Views views;
    private final Upkeep upkeep;
    private final AtomicBoolean applying = new AtomicBoolean();
    private final ExecutorService control = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("weft-proxy").factory());
    private final AtomicLong settled = new AtomicLong(-1);
    private volatile View view = View.empty();
    private volatile List<Problem> notFollowed = List.of();
    private volatile Snapshot newest = Snapshot.EMPTY;
    private volatile Watching watching = Watching.NOTHING;
    private volatile boolean stopping;

    /** Makes a proxy for pods that share this process's network; nothing listens before {@link #start}. */
    public Proxy(
            ProxyOptions options,
            Snapshots snapshots,
            Capacity capacity,
            OutcomeListener outcomes,
            Certificates certificates) {
        this(options, snapshots, capacity, outcomes, certificates, Networks.NONE);
    }

    /** Makes a proxy; nothing listens before {@link #start}. */
    public Proxy(
            ProxyOptions options,
            Snapshots snapshots,
            Capacity capacity,
            OutcomeListener outcomes,
            Certificates certificates,
            Networks networks) {
        this.snapshots = snapshots;
        this.certificates = certificates;
        this.transport = new Transport(options.loops());
        this.breakers = new CircuitBreakers(options.loops());
        this.gates = new Gates(breakers, System::nanoTime);
        this.limits = new LimitScopes(options.loops());
        SplittableRandom random = new SplittableRandom();
        Worker.Shared shared = new Worker.Shared(
                () -> view,
                () -> watching,
                gates,
                breakers,
                hashTables,
                limits,
                capacity,
                outcomes,
                () -> OutsideTls.SHARED);
        this.workers = transport.loops().stream()
                .map(loop -> new Worker(loop, shared, random.split()))
                .toList();
        this.listeners = new Listeners(transport, workers, new Identities(certificates), networks);
        this.upkeep = new Upkeep(listeners, workers);
        this.views = new Views(options.loops(), random.split());
    }

    /** Follows the snapshots from now on; returns when the current one is in effect. */
    public void start() {
        CountDownLatch first = new CountDownLatch(1);
        snapshots.onChange(snapshot -> {
            newest = snapshot;
            applySoon();
        });
        certificates.onChange(() -> submit(listeners::renew));
        lookAgain();
        submit(first::countDown);
        awaitQuietly(first);
    }

    private void lookAgain() {
        CompletableFuture.delayedExecutor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (!stopping) {
                        submit(() -> upkeep.look(newest.edgeRules().clients().heap()));
                        lookAgain();
                    }
                });
    }

    /** Acts as if its time had come. */
    void upkeep(Consumer<Upkeep> action) {
        run(() -> action.accept(upkeep));
    }

    /** Made by the first request that needs it: most proxies never do. */
    private static final class OutsideTls {
        private static final ClientTls SHARED = ClientTls.outside();
    }

    private void applySoon() {
        if (applying.compareAndSet(false, true)) {
            submit(this::apply);
        }
    }

    private void apply() {
        applying.set(false);
        Snapshot snapshot = newest;
        try {
            follow(snapshot);
            notFollowed = List.of();
        } catch (RuntimeException e) {
            if (notFollowed.isEmpty()) { // it is tried every second
                LOG.error("the proxy cannot follow snapshot {}", snapshot.version(), e);
            }
            notFollowed = List.of(notFollowed(snapshot, e));
        }
        if (!problems().isEmpty() && !stopping) {
            CompletableFuture.delayedExecutor(BIND_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(this::applySoon);
        }
    }

    private static Problem notFollowed(Snapshot snapshot, RuntimeException failure) {
        return new Problem(
                Location.API,
                new ResourceReference("", "Snapshot", "", Long.toString(snapshot.version())),
                "",
                "SnapshotFailed",
                String.valueOf(failure.getMessage()),
                "The one before it goes on, and this one is tried again. See the proxy's log.",
                Problem.Severity.ERROR);
    }

    private void follow(Snapshot snapshot) {
        listeners.openInbound(snapshot);
        breakers.update(snapshot, System.nanoTime());
        gates.update(snapshot);
        hashTables.update(snapshot);
        limits.update(snapshot, System.nanoTime());
        view = views.next(snapshot);
        workers.forEach(worker -> worker.loop().execute(worker::refresh));
        listeners.openOthers(snapshot);
        listeners.closeUnwanted(snapshot);
        settled.set(snapshot.version());
    }

    private void submit(Runnable task) {
        if (!control.isShutdown()) {
            control.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("the proxy could not follow a change", e);
                }
            });
        }
    }

    /** Listeners that cannot be opened now, and a snapshot that cannot be followed, and why; tried again every second. */
    public List<Problem> problems() {
        List<Problem> failed = notFollowed;
        return failed.isEmpty()
                ? listeners.problems()
                : Stream.concat(failed.stream(), listeners.problems().stream()).toList();
    }

    /** The ports that are open, by the listener's name. */
    public Map<String, Integer> ports() {
        return listeners.ports();
    }

    /** The version of the snapshot in effect. */
    public long version() {
        return view.snapshot().version();
    }

    /** Whether every change that was made known is in effect, with its listeners. */
    boolean isSettled() {
        return settled.get() == newest.version();
    }

    /** Has every request's decisions put into its outcome, not only those of the failed. */
    public synchronized void tapping(boolean on) {
        watching = watching.withDecisions(on);
    }

    /** Has requests' places in traces put into their outcomes, from the next request on. */
    public synchronized void tracing(Tracing tracing) {
        watching = watching.withTracing(tracing);
    }

    /** Has these headers of every request put into its outcome, by lower case name. */
    public synchronized void noting(Collection<String> headers) {
        watching = watching.withHeaders(headers);
    }

    /**
     * Records what goes over the mesh's sockets from now on, below TLS; the connections that are idle now are closed, so
     * that the record begins with handshakes.
     */
    public WireCapture capture(int bytesMaxPerDirection, int connectionsMax) {
        WireCapture capture = transport.capture(bytesMaxPerDirection, connectionsMax);
        CountDownLatch done = new CountDownLatch(workers.size());
        for (Worker worker : workers) {
            boolean runs = worker.loop().execute(() -> {
                worker.closeIdle();
                done.countDown();
            });
            if (!runs) {
                done.countDown();
            }
        }
        awaitQuietly(done);
        return capture;
    }

    /** How the endpoints of every service port are, in no order; from any thread. */
    public List<BalancerState> balancers() {
        return view.snapshot().groups().values().stream().map(this::balancer).toList();
    }

    private BalancerState balancer(EndpointGroup group) {
        CircuitBreaker breaker = breakers.of(group.servicePort());
        int all = group.endpoints().size();
        int out = breaker == null ? 0 : Math.clamp(breaker.out(), 0, all);
        return new BalancerState(
                group.servicePort(),
                all - out,
                out,
                breaker == null ? 0 : breaker.trips(),
                gates.waiting(group.servicePort()));
    }

    /** Requests under way, counted loop by loop. */
    public int inFlight() {
        return workers.stream()
                .map(worker -> {
                    CompletableFuture<Integer> count = new CompletableFuture<>();
                    if (!worker.loop().execute(() -> count.complete(worker.exchanges()))) {
                        count.complete(0);
                    }
                    return count;
                })
                .mapToInt(CompletableFuture::join)
                .sum();
    }

    /** How often code of the data path failed in a way that nobody expected; the log has each. */
    long bugs() {
        return transport.bugs();
    }

    /** Bytes that wait to be taken by the kernel, of all connections. */
    long queuedBytes() {
        return transport.queuedBytes();
    }

    /**
     * Serves on, and tells the edge's clients with every answer to go elsewhere ({@code Connection: close}, GOAWAY): for
     * the time in which whoever sends them here learns that this proxy is about to go.
     */
    public void retire() {
        run(listeners::leaveEdge);
    }

    /**
     * Accepts nothing new and lets requests end, at most that long; then {@link #close} what is left. The edge goes first:
     * the requests that came in there may still call through the mesh.
     */
    public void drain(Duration patience) {
        stopping = true;
        long end = System.nanoTime() + patience.toNanos();
        run(listeners::closeEdge);
        awaitNoneBefore(end);
        run(listeners::closeAll);
        awaitNoneBefore(end);
    }

    private void awaitNoneBefore(long endNanos) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (inFlight() > 0 && System.nanoTime() - endNanos < 0) {
                var _ = never.await(10, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the control thread, waiting for it. */
    private void run(Runnable task) {
        CountDownLatch done = new CountDownLatch(1);
        submit(() -> {
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        awaitQuietly(done);
    }

    /** Requests under way that the pod {@code namespace/name} has to answer; 0 when it has no listener here. */
    public int inFlight(String pod) {
        CompletableFuture<List<Entrance>> entrances = new CompletableFuture<>();
        submit(() -> entrances.complete(listeners.inbound(pod)));
        if (control.isShutdown()) {
            return 0;
        }
        return entrances.join().stream()
                .flatMap(entrance -> workers.stream().map(worker -> {
                    CompletableFuture<Integer> count = new CompletableFuture<>();
                    if (!worker.loop().execute(() -> count.complete(entrance.requests(worker)))) {
                        count.complete(0);
                    }
                    return count;
                }))
                .mapToInt(CompletableFuture::join)
                .sum();
    }

    /** Closes every listener and connection at once. */
    @Override
    public void close() {
        stopping = true;
        submit(listeners::closeAll);
        control.shutdown();
        try {
            var _ = control.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        transport.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
