package dev.weft.proxy.balance;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an endpoint of one service port. Belongs to one loop; what it learned of an endpoint survives new snapshots and
 * goes with the endpoint.
 *
 * <p>In order: an endpoint that is out and whose time is over is tried by one request; else those that are in are looked
 * at (all of them in a panic), without those that were tried, those of the caller's zone first where that is wanted; and
 * of these the {@link Balancing} takes one.
 */
public final class Balancer {

    private static final EndpointLoad[] NONE = {};

    private final RandomGenerator random;
    private final int loop;
    private final HashTables tables;
    private final Chooser chooser;

    private EndpointGroup group;
    private EndpointLoad[] all = NONE;
    private Map<Endpoint, EndpointLoad> known = Map.of();
    private @Nullable CircuitBreaker breaker;
    private int version;
    private EndpointLoad[] usable = NONE;
    private EndpointLoad[] out = NONE;
    private boolean allUsable;
    private final Map<String, Zoned> zoned = new HashMap<>();
    private final Map<HashTable.Kind, HashTable> hashed = new EnumMap<>(HashTable.Kind.class);

    /** What is usable, seen from one zone. */
    private static final class Zoned {
        private final EndpointLoad[] close;
        private final EndpointLoad[] far;

        private Zoned(EndpointLoad[] close, EndpointLoad[] far) {
            this.close = close;
            this.far = far;
        }
    }

    /**
     * What a choice depends on beside the endpoints. Made by the caller once and filled for each request.
     *
     * @param balancing the rule's, or the service's
     * @param key of the request, where the balancing hashes
     * @param zone of the caller; empty when it has none
     * @param tried where the request has been
     */
    public record Ask(Balancing balancing, long key, String zone, Collection<Endpoint> tried) {}

    /**
     * A balancer that knows no endpoint yet.
     *
     * @param loop its number, from 0
     */
    public Balancer(EndpointGroup group, RandomGenerator random, int loop, HashTables tables) {
        this.group = new EndpointGroup(group.servicePort(), List.of(), false, 0);
        this.random = random;
        this.loop = loop;
        this.tables = tables;
        this.chooser = new Chooser(random);
    }

    int loop() {
        return loop;
    }

    RandomGenerator random() {
        return random;
    }

    /**
     * Takes over the group; costs nothing when it is the same.
     *
     * @param shared the breaker of this service port; null where endpoints are never taken out
     */
    @SuppressWarnings("ReferenceEquality") // asked for each request: comparing content is the cost that this saves
    public void update(EndpointGroup next, @Nullable CircuitBreaker shared, long nowNanos) {
        if (next == group && shared == breaker) {
            return;
        }
        boolean sameEndpoints = next.endpoints().equals(group.endpoints());
        boolean same = sameEndpoints && next.zones().equals(group.zones()) && shared == breaker;
        boolean samePolicy = next.policy().equals(group.policy());
        group = next;
        breaker = shared;
        if (same && samePolicy) {
            return;
        }
        if (!sameEndpoints) {
            replace(next.endpoints(), nowNanos);
        }
        look();
    }

    private void replace(List<Endpoint> endpoints, long nowNanos) {
        Map<Endpoint, EndpointLoad> before = known;
        boolean late = all.length > 0;
        Map<Endpoint, EndpointLoad> next = HashMap.newHashMap(endpoints.size());
        for (Endpoint endpoint : endpoints) {
            EndpointLoad there = before.get(endpoint);
            next.put(endpoint, there == null ? new EndpointLoad(this, endpoint, nowNanos, late) : there);
        }
        known = next;
        all = endpoints.stream().map(next::get).toArray(EndpointLoad[]::new);
        hashed.clear();
    }

    /** Sees who is in and who is out. */
    private void look() {
        CircuitBreaker shared = breaker;
        version = shared == null ? 0 : shared.version();
        long limited = group.policy().balancing() instanceof Balancing.PeakEwma(var countsAs) ? countsAs.toNanos() : 0;
        for (EndpointLoad load : all) {
            load.configure(shared == null ? null : shared.health(load.endpoint()), limited);
        }
        zoned.clear();
        EndpointLoad[] in = Arrays.stream(all).filter(EndpointLoad::in).toArray(EndpointLoad[]::new);
        allUsable = shared == null || in.length == all.length || shared.panic(in.length, all.length);
        if (in.length == all.length) {
            usable = all;
            out = NONE;
            return;
        }
        out = Arrays.stream(all).filter(load -> !load.in()).toArray(EndpointLoad[]::new);
        usable = allUsable ? all : in;
    }

    /** Whether there are endpoints, and all of them are out. */
    public boolean allOut() {
        return all.length > 0 && usable.length == 0;
    }

    /** What this loop knows of an endpoint that somebody else chose; null when it is none of the group's. */
    public @Nullable EndpointLoad load(Endpoint endpoint) {
        return known.get(endpoint);
    }

    /** The endpoint for a request; empty when there is none. */
    public Optional<EndpointLoad> pick(Ask ask, long nowNanos) {
        CircuitBreaker shared = breaker;
        if (shared != null && shared.version() != version) {
            look();
        }
        return switch (ask.balancing()) {
            case Balancing.RingHash _ -> hash(HashTable.Kind.RING, ask, nowNanos);
            case Balancing.Maglev _ -> hash(HashTable.Kind.MAGLEV, ask, nowNanos);
            case Balancing.PeakEwma _, Balancing.LeastRequest _, Balancing.RoundRobin _ -> {
                EndpointLoad again = tryAgain(ask.tried(), nowNanos);
                yield again == null ? choose(ask, nowNanos) : again.chosen();
            }
        };
    }

    private @Nullable EndpointLoad tryAgain(Collection<Endpoint> tried, long nowNanos) {
        for (EndpointLoad load : out) {
            EndpointHealth health = load.health();
            if (health != null && !tried.contains(load.endpoint()) && health.tryAgain(nowNanos)) {
                return load;
            }
        }
        return null;
    }

    private Optional<EndpointLoad> choose(Ask ask, long nowNanos) {
        long slowStart = group.policy().slowStart().toNanos();
        EndpointLoad[] from = usable;
        if (group.policy().zones() == TrafficPolicy.Zones.CLOSE && !ask.zone().isEmpty()) {
            Zoned zones = zoned.computeIfAbsent(ask.zone(), this::divide);
            EndpointLoad[] close = without(ask.tried(), zones.close);
            EndpointLoad[] far = without(ask.tried(), zones.far);
            if (close.length > 0 && far.length > 0) {
                return chooser.closeFirst(ask.balancing(), close, far, slowStart, nowNanos)
                        .chosen();
            }
        }
        EndpointLoad[] others = without(ask.tried(), from);
        from = others.length == 0 ? from : others;
        return from.length == 0
                ? Optional.empty()
                : chooser.choose(ask.balancing(), from, slowStart, nowNanos).chosen();
    }

    private static EndpointLoad[] without(Collection<Endpoint> tried, EndpointLoad[] from) {
        return tried.isEmpty()
                ? from
                : Arrays.stream(from)
                        .filter(load -> !tried.contains(load.endpoint()))
                        .toArray(EndpointLoad[]::new);
    }

    private Zoned divide(String zone) {
        Map<Endpoint, String> zones = HashMap.newHashMap(all.length);
        for (int i = 0; i < group.zones().size(); i++) {
            zones.put(group.endpoints().get(i), group.zones().get(i));
        }
        return new Zoned(
                Arrays.stream(usable)
                        .filter(load -> zone.equals(zones.get(load.endpoint())))
                        .toArray(EndpointLoad[]::new),
                Arrays.stream(usable)
                        .filter(load -> !zone.equals(zones.get(load.endpoint())))
                        .toArray(EndpointLoad[]::new));
    }

    /** The key's endpoint, or the next one that is in and was not tried. */
    private Optional<EndpointLoad> hash(HashTable.Kind kind, Ask ask, long nowNanos) {
        if (all.length < 2) {
            return all.length == 0 || usable.length + out.length == 0 ? Optional.empty() : only(nowNanos);
        }
        HashTable table =
                hashed.computeIfAbsent(kind, wanted -> tables.of(group.servicePort(), wanted, group.endpoints()));
        for (int attempt = 0; attempt < 8 * all.length; attempt++) {
            EndpointLoad load = all[table.at(ask.key(), attempt)];
            if (!ask.tried().contains(load.endpoint()) && mayTake(load, nowNanos)) {
                return load.chosen();
            }
        }
        EndpointLoad[] others = without(ask.tried(), usable);
        EndpointLoad[] from = others.length == 0 ? usable : others;
        return from.length == 0
                ? Optional.empty()
                : from[(int) Long.remainderUnsigned(ask.key(), from.length)].chosen();
    }

    private Optional<EndpointLoad> only(long nowNanos) {
        return mayTake(all[0], nowNanos) ? all[0].chosen() : Optional.empty();
    }

    private boolean mayTake(EndpointLoad load, long nowNanos) {
        EndpointHealth health = load.health();
        return allUsable || load.in() || (health != null && health.tryAgain(nowNanos));
    }

    /** Of the last choice, which endpoint lost to the one chosen; empty when nothing was compared. */
    public Optional<EndpointLoad> comparedWith() {
        return chooser.comparedWith();
    }

    /** One sentence for each endpoint that is out; for people. */
    public List<String> outNow(long nowNanos) {
        return breaker == null ? List.of() : breaker.outNow(nowNanos);
    }
}
