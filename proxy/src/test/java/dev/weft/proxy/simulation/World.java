package dev.weft.proxy.simulation;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.Balancing.HashKey;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.proxy.balance.Balancers;
import dev.weft.proxy.balance.CircuitBreaker;
import dev.weft.proxy.balance.CircuitBreakers;
import dev.weft.proxy.balance.Gates;
import dev.weft.proxy.balance.HashTables;
import dev.weft.proxy.limit.LimitScopes;
import dev.weft.proxy.limit.RequestLimits;
import dev.weft.proxy.retry.RetryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One seed's run: servers come, go and misbehave, policies change, two loops send requests. */
final class World {

    static final ServicePort QUOTE = ServicePort.parse("default/quote:80");
    static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LENGTH = 2_000 * MILLISECOND;
    private static final Budget TERMS = new Budget(20, 10);

    /** One event loop, and what it has seen of discovery. */
    final class Loop {
        final int number;
        final Balancers balancers;
        final Set<Endpoint> everSeen = new HashSet<>();
        Snapshot seen = Snapshot.EMPTY;

        Loop(int number) {
            this.number = number;
            this.balancers = new Balancers(random.split(), number, breakers, hashTables);
        }

        @Nullable
        EndpointGroup group() {
            return seen.groups().get(QUOTE);
        }

        /** As {@code Loop.execute} does: soon, never at once. */
        boolean execute(Runnable task) {
            clock.in(1 + random.nextLong(50_000), task);
            return true;
        }

        void see(Snapshot snapshot) {
            if (snapshot.version() > seen.version()) {
                seen = snapshot;
                EndpointGroup group = group();
                everSeen.addAll(group == null ? List.of() : group.endpoints());
                balancers.retain(snapshot.groups(), clock.now());
            }
        }
    }

    final Clock clock = new Clock();
    final SplittableRandom random;
    final CircuitBreakers breakers = new CircuitBreakers(2);
    final HashTables hashTables = new HashTables();
    final Gates gates = new Gates(breakers, clock::now);
    final LimitScopes limits = new LimitScopes(2);
    final RetryBudget budget = new RetryBudget(TERMS, 2);
    final Map<String, Integer> results = new TreeMap<>();
    private final List<Loop> loops;
    private final List<Server> servers = new ArrayList<>();
    private final Map<Endpoint, Server> everServed = new HashMap<>();
    private final Set<RequestLimits> usedLimits = new HashSet<>();
    private final boolean activatable;
    private final int concurrency;
    private TrafficPolicy policy;
    private long version;
    private int nextPort = 1;
    private int begun;
    private int ended;
    private int retries;

    World(long seed) {
        random = new SplittableRandom(seed);
        loops = List.of(new Loop(0), new Loop(1));
        activatable = random.nextInt(4) == 0;
        concurrency = random.nextInt(4) == 0 ? random.nextInt(1, 4) : 0;
        policy = policy();
        for (int i = random.nextInt(activatable ? 0 : 1, 6); i > 0; i--) {
            servers.add(newServer());
        }
        publish();
    }

    private Server newServer() {
        Server server = new Server(clock, random.split(), nextPort++);
        everServed.put(server.endpoint(), server);
        return server;
    }

    private TrafficPolicy policy() {
        Balancing balancing = switch (random.nextInt(6)) {
            case 0 -> new Balancing.LeastRequest();
            case 1 -> new Balancing.RoundRobin();
            case 2 -> new Balancing.RingHash(new HashKey.SourceAddress());
            case 3 -> new Balancing.Maglev(new HashKey.SourceAddress());
            default -> Balancing.PEAK_EWMA;
        };
        CircuitBreaking breaking = new CircuitBreaking(
                random.nextInt(1, 8),
                random.nextBoolean() ? Optional.of(CircuitBreaking.SuccessRate.DEFAULT) : Optional.empty(),
                Duration.ofMillis(random.nextInt(20, 500)),
                Duration.ofSeconds(1),
                0.5,
                50 * random.nextInt(3),
                50 * random.nextInt(2));
        ConnectionLimits some = new ConnectionLimits(
                random.nextInt(1, 30), random.nextInt(0, 20), random.nextInt(5, 50), random.nextInt(0, 5));
        return new TrafficPolicy(
                balancing,
                Duration.ofMillis(random.nextInt(3) * 200L),
                random.nextInt(4) == 0 ? TrafficPolicy.Zones.CLOSE : TrafficPolicy.Zones.ANY,
                random.nextInt(3) > 0 ? breaking : CircuitBreaking.OFF,
                random.nextInt(3) == 0 ? some : ConnectionLimits.NONE,
                random.nextInt(4) == 0);
    }

    /** Every third stands in none. */
    private static String zone(Endpoint endpoint) {
        return List.of("", "a", "b").get(endpoint.port() % 3);
    }

    /** In the proxy's order: the shared parts learn of a snapshot first, the loops after them, each at its own time. */
    private void publish() {
        List<Endpoint> endpoints = servers.stream().map(Server::endpoint).toList();
        List<String> zones = policy.zones() == TrafficPolicy.Zones.CLOSE
                ? endpoints.stream().map(World::zone).toList()
                : List.of();
        EndpointGroup group = new EndpointGroup(QUOTE, endpoints, activatable, concurrency, policy, zones);
        Snapshot snapshot = new Snapshot(
                ++version, List.of(), List.of(), Map.of(), Map.of(QUOTE, group), List.of(), Map.of(), List.of());
        breakers.update(snapshot, clock.now());
        gates.update(snapshot);
        hashTables.update(snapshot);
        limits.update(snapshot, clock.now());
        RequestLimits used = limits.of(group);
        if (used != null) {
            usedLimits.add(used);
        }
        loops.forEach(loop -> clock.in(random.nextLong(3 * MILLISECOND), () -> loop.see(snapshot)));
    }

    /** Runs it to its end. */
    World run(int requests) {
        for (int i = 0; i < requests; i++) {
            clock.in(4 * MILLISECOND + random.nextLong(LENGTH), this::ask);
        }
        for (int i = 0; i < 30; i++) {
            clock.in(random.nextLong(LENGTH), this::change);
        }
        clock.run();
        check();
        return this;
    }

    private void ask() {
        begun++;
        new Request(this, loops.get(random.nextInt(loops.size()))).begin();
    }

    private void change() {
        switch (random.nextInt(8)) {
            case 0 -> {
                servers.add(newServer());
                publish();
            }
            case 1 -> {
                if (!servers.isEmpty()) {
                    Server gone = servers.remove(random.nextInt(servers.size()));
                    publish();
                    if (random.nextBoolean()) {
                        clock.in(random.nextLong(100 * MILLISECOND), gone::cutOff);
                    }
                }
            }
            case 2 -> {
                policy = policy();
                publish();
            }
            case 3 -> {
                if (!servers.isEmpty()) {
                    servers.get(random.nextInt(servers.size())).cutOff();
                }
            }
            default -> servers.forEach(Server::changeMood);
        }
    }

    /** The service sleeps and somebody asks: an instance comes, after a while. */
    void wake() {
        clock.in(random.nextLong(MILLISECOND, 60 * MILLISECOND), () -> {
            if (servers.isEmpty()) {
                servers.add(newServer());
                publish();
            }
        });
    }

    Server server(Loop loop, Endpoint endpoint) {
        EndpointGroup group = loop.group();
        boolean known = group != null && group.endpoints().contains(endpoint);
        if (!known && loop.everSeen.contains(endpoint)) {
            throw new AssertionError("sent to " + endpoint + " after its removal had been seen");
        }
        Server server = everServed.get(endpoint);
        if (server == null) {
            throw new AssertionError("no such endpoint: " + endpoint);
        }
        if (concurrency > 0 && server.underWay() >= concurrency) {
            throw new AssertionError(endpoint + " gets more than " + concurrency + " requests at once");
        }
        return server;
    }

    void retried() {
        retries++;
        long seconds = TimeUnit.NANOSECONDS.toSeconds(clock.now()) + 1;
        long most = (long) begun * TERMS.percent() / 100 + seconds * TERMS.perSecond();
        if (retries > most) {
            throw new AssertionError(retries + " retries of " + begun + " requests, budget " + most);
        }
    }

    void ended(String result) {
        ended++;
        results.merge(result, 1, Integer::sum);
    }

    private void check() {
        if (ended != begun) {
            throw new AssertionError(begun + " requests began, " + ended + " ended: " + results);
        }
        for (RequestLimits used : usedLimits) {
            if (used.requests() != 0 || used.connections() != 0 || used.waiting() != 0) {
                throw new AssertionError("limits still hold " + used.requests() + " requests, " + used.connections()
                        + " connections, " + used.waiting() + " waiting");
            }
        }
        servers.clear();
        publish();
        CircuitBreaker breaker = breakers.of(QUOTE);
        if (breaker != null && breaker.out() != 0) {
            throw new AssertionError(breaker.out() + " endpoints are out of none");
        }
    }
}
