package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps the outcomes that a proxy reports. */
final class Recorded implements OutcomeListener {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LinkedBlockingQueue<Outcome> queue = new LinkedBlockingQueue<>();
    private final Queue<Outcome> all = new ConcurrentLinkedQueue<>(); // there may be a hundred thousand
    private final AtomicInteger routed = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    private final Map<Hop, LinkedBlockingQueue<ConnectionOutcome>> connections = new ConcurrentHashMap<>();
    private final List<ProtocolVerdict> verdicts = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<RefusedConnection> refused = new LinkedBlockingQueue<>();
    private final Set<LiveConnection> live = ConcurrentHashMap.newKeySet();
    private final Map<LiveConnection, LiveConnection.End> gone = new ConcurrentHashMap<>();
    private volatile boolean endedForgotten;
    private final List<RetryRefusal> refusals = new CopyOnWriteArrayList<>();
    private final AtomicInteger established = new AtomicInteger();

    @Override
    public void protocolFound(Hop hop, Workload reporter, Optional<ServicePort> service, ProtocolVerdict verdict) {
        if (hop != Hop.INBOUND) {
            verdicts.add(verdict);
        }
    }

    @Override
    public void established(ConnectionOutcome.Ends ends) {
        established.incrementAndGet();
    }

    @Override
    public void opened(LiveConnection connection) {
        live.add(connection);
    }

    @Override
    public void closed(LiveConnection connection, LiveConnection.End how) {
        if (!endedForgotten) {
            gone.put(connection, how); // before: whoever waits until none is live reads the ends then
        }
        assertThat(live.remove(connection)).isTrue();
    }

    @Override
    public void retryRefused(Workload reporter, String frontend, String rule, RetryRefusal why) {
        refusals.add(why);
    }

    /** Keeps no connection that has ended, with all that its handler still knows: for tests that have thousands of them. */
    void forgetEnded() {
        endedForgotten = true;
    }

    /** Connections that are there, and those that were, with their ends. */
    Set<LiveConnection> live() {
        return live;
    }

    Map<LiveConnection, LiveConnection.End> gone() {
        return gone;
    }

    List<RetryRefusal> refusals() {
        return refusals;
    }

    @Override
    public void ended(ConnectionOutcome outcome) {
        if (outcome.hop() != Hop.INBOUND && outcome.ends().service().isPresent()) {
            ended.incrementAndGet();
        }
        connections(outcome.hop()).add(outcome);
    }

    /** The next connection of this hop that is over, waiting for it. */
    ConnectionOutcome nextConnection(Hop hop) {
        try {
            ConnectionOutcome outcome = connections(hop).poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (outcome == null) {
                throw new AssertionError("no connection of hop " + hop + " ended");
            }
            return outcome;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void refused(RefusedConnection refusal) {
        refused.add(refusal);
    }

    /** The next connection that was refused, waiting for it. */
    RefusedConnection nextRefused() {
        try {
            RefusedConnection refusal = refused.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (refusal == null) {
                throw new AssertionError("no connection was refused");
            }
            return refusal;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private LinkedBlockingQueue<ConnectionOutcome> connections(Hop hop) {
        return connections.computeIfAbsent(hop, _ -> new LinkedBlockingQueue<>());
    }

    /** What was found at the edge and on the way out. */
    List<ProtocolVerdict> verdicts() {
        return verdicts;
    }

    int established() {
        return established.get();
    }

    @Override
    public void routed(ServiceName service) {
        routed.incrementAndGet();
    }

    @Override
    public void ended(Outcome outcome) {
        if (outcome.service().isPresent()) {
            ended.incrementAndGet();
        }
        all.add(outcome);
        queue.add(outcome);
    }

    /** The next outcome of this hop, waiting for it. */
    Outcome next(Hop hop) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            Outcome outcome = poll();
            if (outcome != null && outcome.hop() == hop) {
                return outcome;
            }
        }
        throw new AssertionError("no outcome of hop " + hop + "; all: " + all);
    }

    private @Nullable Outcome poll() {
        try {
            return queue.poll(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** As of now. */
    List<Outcome> all() {
        return List.copyOf(all);
    }

    int routed() {
        return routed.get();
    }

    int endedWithService() {
        return ended.get();
    }
}
