package dev.weft.proxy;

import dev.weft.http.transport.EdgeCertificate;
import dev.weft.http.transport.Listener;
import dev.weft.http.transport.ServerTls;
import dev.weft.http.transport.Transport;
import dev.weft.model.outcome.Hop;
import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.limit.ConnectionCounts;
import dev.weft.proxy.network.Networks;
import dev.weft.proxy.tcp.Doors;
import dev.weft.proxy.tcp.Learned;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports that a snapshot wants open, and those that are. Owner: the proxy's control thread; {@link #problems} and
 * {@link #ports} show any thread what it last found.
 */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /**
     * How long a port may stay taken that was closed here: while this process starts a child, that has copies of all
     * sockets, from its fork until its exec.
     */
    private static final Duration COPIES_LAST = Duration.ofMillis(500);

    private final Transport transport;
    private final List<Worker> workers;
    private final Identities identities;
    private final Networks networks;
    private final List<Learned> learned;
    private final ConnectionCounts counts = new ConnectionCounts();
    private final Map<Plan, Open> open = new LinkedHashMap<>();
    private final Map<Plan, List<ServerCertificate>> shown = new HashMap<>();
    private final Map<Plan, Map<String, String>> unusable = new HashMap<>(); // why, by host
    private final Map<Plan, EdgeListener> declared = new HashMap<>();
    private final Map<String, Long> closedNanos = new HashMap<>();
    private final List<Problem> found = new ArrayList<>();
    private volatile List<Problem> problems = List.of();
    private volatile Map<String, Integer> ports = Map.of();

    private record Open(Entrance entrance, Listener listener, Optional<ServerTls> tls) {}

    Listeners(Transport transport, List<Worker> workers, Identities identities, Networks networks) {
        this.networks = networks;
        this.transport = transport;
        this.workers = workers;
        this.identities = identities;
        this.learned = workers.stream().map(_ -> new Learned()).toList();
    }

    List<Problem> problems() {
        return problems;
    }

    Map<String, Integer> ports() {
        return ports;
    }

    /** New certificates, and new or fewer anchors, for every connection from now on; those of the untrusted end. */
    void renew() {
        if (identities.renew()) {
            workers.forEach(worker -> worker.loop().execute(() -> worker.reconnect(identities.trusted())));
        }
    }

    /** Ends the connections of clients whose certificates have ended. */
    void expire(long nowMillis) {
        workers.forEach(worker -> worker.loop().execute(() -> worker.expire(nowMillis)));
    }

    /** Before the loops learn of the snapshot: opens the pods' entrances. */
    void openInbound(Snapshot snapshot) {
        found.clear();
        open(Plan.of(snapshot, networks), plan -> plan.hop() == Hop.INBOUND);
    }

    /** After the loops learned of the snapshot: opens the edge, and the pods' ways out. */
    void openOthers(Snapshot snapshot) {
        declared.clear();
        snapshot.edge().forEach(edge -> declared.put(Plan.edge(edge), edge));
        open(Plan.of(snapshot, networks), plan -> plan.hop() != Hop.INBOUND);
        declared.forEach(this::showNewCertificates);
        unusable.keySet().retainAll(declared.keySet());
        unusable.keySet().forEach(this::noteUnusable);
        report();
        showPorts();
    }

    /** Opens what is wanted and not open; what has the same address and is no longer wanted makes room. */
    private void open(List<Plan> wanted, Predicate<Plan> now) {
        Set<Plan> keep = new HashSet<>(wanted);
        Map<String, Plan> byAddress = new HashMap<>();
        open.keySet().forEach(plan -> byAddress.put(plan.place(), plan));
        for (Plan plan : wanted) {
            if (!now.test(plan)) {
                continue;
            }
            Plan there = byAddress.get(plan.place());
            if (there != null && !keep.contains(there)) {
                close(there);
            }
            if (!open.containsKey(plan)) {
                open(plan);
            }
        }
    }

    /** An edge listener not before it has its certificates: whoever connected until then would be turned away. */
    private void open(Plan plan) {
        try {
            Optional<ServerTls> tls = plan.tls(identities);
            EdgeListener edge = declared.get(plan);
            if (edge == null || tls.isEmpty() || show(plan, edge, tls.get())) {
                open(plan, tls);
            }
        } catch (RuntimeException e) {
            found.add(problem(plan, "ListenerFailed", String.valueOf(e.getMessage()), "See the proxy's log."));
            LOG.warn("listener {} on {}:{} cannot be opened", plan.name(), plan.address(), plan.port(), e);
        }
    }

    private void open(Plan plan, Optional<ServerTls> tls) {
        try {
            Entrance entrance = plan.entrance(identities, workers.size());
            Listener listener = listen(plan, tls, entrance);
            open.put(plan, new Open(entrance, listener, tls));
            for (Worker worker : workers) {
                worker.loop().execute(() -> worker.add(entrance));
            }
        } catch (IOException e) {
            found.add(problem(
                    plan,
                    "PortNotAvailable",
                    String.valueOf(e.getMessage()),
                    "Stop what listens there, or choose another port."));
            retire(plan, tls);
        }
    }

    private void retire(Plan plan, Optional<ServerTls> tls) {
        shown.remove(plan);
        if (plan.hop() == Hop.EDGE) {
            tls.ifPresent(ServerTls::retire); // the pods' belong to their identities
        }
    }

    private Listener listen(Plan plan, Optional<ServerTls> tls, Entrance entrance) throws IOException {
        boolean edge = plan.hop() == Hop.EDGE; // who ends its TLS is decided by the server name
        Transport.Acceptor acceptor = loop -> Doors.accept(
                workers.get(loop.number()),
                entrance,
                edge ? tls : Optional.empty(),
                learned.get(loop.number()),
                counts);
        if (plan.steered().isPresent()) {
            return transport.adopt(plan.steered().get().listener(), acceptor);
        }
        while (true) {
            try {
                return transport.listen(plan.address(), plan.port(), edge ? Optional.empty() : tls, acceptor);
            } catch (IOException e) {
                Long closed = closedNanos.get(plan.place());
                if (closed == null || System.nanoTime() - closed > COPIES_LAST.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void showNewCertificates(Plan plan, EdgeListener edge) {
        Open existing = open.get(plan);
        boolean same = edge.certificates().equals(shown.get(plan));
        if (existing != null && existing.tls().isPresent() && !same) {
            show(plan, edge, existing.tls().get());
        }
    }

    /**
     * Has the edge use new keys for the tickets by which clients resume sessions: whoever finds an old one out reads no more
     * than what was said in its time.
     */
    void rotateTickets() {
        declared.keySet().stream()
                .map(open::get)
                .filter(Objects::nonNull)
                .flatMap(existing -> existing.tls().stream())
                .forEach(ServerTls::renewTickets);
    }

    /** False when there are some and none can be used. */
    private boolean show(Plan plan, EdgeListener edge, ServerTls tls) {
        Map<String, String> why = new LinkedHashMap<>();
        List<EdgeCertificate> certificates = Policies.certificates(edge, why);
        tls.replace(certificates).forEach(why::putIfAbsent);
        shown.put(plan, edge.certificates());
        unusable.put(plan, why);
        return why.isEmpty() || why.size() < edge.certificates().size();
    }

    private void noteUnusable(Plan plan) {
        unusable.getOrDefault(plan, Map.of())
                .forEach((host, why) -> found.add(problem(
                        plan,
                        "CertificateInvalid",
                        "nobody is let in to " + host + ": " + why,
                        "Mend the Secret of the listener's Host.")));
    }

    private static Problem problem(Plan plan, String reason, String message, String remedy) {
        return new Problem(Location.API, plan.source(), "", reason, message, remedy, Problem.Severity.ERROR);
    }

    private void report() {
        List<Problem> before = problems;
        problems = List.copyOf(found);
        found.stream().filter(problem -> !before.contains(problem)).forEach(problem -> LOG.warn("{}", problem));
    }

    private void showPorts() {
        Map<String, Integer> now = new TreeMap<>();
        open.forEach((plan, there) -> now.put(plan.name(), there.listener().port()));
        ports = Map.copyOf(now);
    }

    /** Closes what the snapshot does not want; requests under way end. */
    void closeUnwanted(Snapshot snapshot) {
        List<Plan> wanted = Plan.of(snapshot, networks);
        Set<Plan> gone = new HashSet<>(open.keySet());
        wanted.forEach(gone::remove);
        gone.forEach(this::close);
        Set<WorkloadIdentity> used = new HashSet<>();
        wanted.forEach(plan -> used.add(plan.reporter().identity()));
        identities.retain(used);
        closedNanos.values().removeIf(closed -> System.nanoTime() - closed > COPIES_LAST.toNanos());
        showPorts();
    }

    /** Closes the edge alone: what is under way there may still call into the mesh. */
    void closeEdge() {
        List.copyOf(open.keySet()).stream()
                .filter(plan -> plan.hop() == Hop.EDGE)
                .forEach(this::close);
        showPorts();
    }

    /** Tells the edge's clients to go elsewhere, while everything is still served. */
    void leaveEdge() {
        open.forEach((plan, there) -> {
            if (plan.hop() == Hop.EDGE) {
                there.entrance().retire();
                workers.forEach(
                        worker -> worker.loop().execute(() -> there.entrance().leave(worker)));
            }
        });
    }

    /** Where this pod's requests come in. */
    List<Entrance> inbound(String pod) {
        return open.entrySet().stream()
                .filter(each -> each.getKey()
                        .inbound()
                        .filter(to -> to.pod().equals(pod))
                        .isPresent())
                .map(each -> each.getValue().entrance())
                .toList();
    }

    void closeAll() {
        List.copyOf(open.keySet()).forEach(this::close);
        showPorts();
    }

    private void close(Plan plan) {
        Open there = open.remove(plan);
        if (there != null) {
            there.listener().close();
            closedNanos.put(plan.place(), System.nanoTime());
            retire(plan, there.tls());
            for (Worker worker : workers) {
                worker.loop().execute(() -> worker.remove(there.entrance()));
            }
        }
    }
}
