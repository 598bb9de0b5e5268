package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Chooses an endpoint of one service port: of two taken at random, the one with the lower load (Mitzenmacher, The Power
 * of Two Choices in Randomized Load Balancing, 2001). Belongs to one loop; what it learned of an endpoint survives new
 * snapshots and goes with the endpoint.
 */
public final class Balancer {

    private final RandomGenerator random;
    private List<Endpoint> endpoints = List.of();
    private EndpointLoad[] loads = {};

    /** A balancer that knows no endpoint yet. */
    public Balancer(RandomGenerator random) {
        this.random = random;
    }

    /** Takes over the group's endpoints; costs nothing when they are the same list. */
    public void update(EndpointGroup group, long nowNanos) {
        boolean same = group.endpoints().equals(endpoints);
        endpoints = group.endpoints();
        if (same) {
            return;
        }
        Map<Endpoint, EndpointLoad> known = HashMap.newHashMap(loads.length);
        for (EndpointLoad load : loads) {
            known.put(load.endpoint(), load);
        }
        loads = endpoints.stream()
                .map(endpoint -> known.computeIfAbsent(endpoint, added -> new EndpointLoad(added, nowNanos)))
                .toArray(EndpointLoad[]::new);
    }

    /** The endpoint for a request; empty when there is none. */
    public Optional<EndpointLoad> pick(long nowNanos) {
        return pick(loads, nowNanos);
    }

    /** The endpoint for another try: one that was not tried, as long as there is one. */
    public Optional<EndpointLoad> pickOtherThan(Collection<Endpoint> tried, long nowNanos) {
        EndpointLoad[] others = Arrays.stream(loads)
                .filter(load -> !tried.contains(load.endpoint()))
                .toArray(EndpointLoad[]::new);
        return pick(others.length == 0 ? loads : others, nowNanos);
    }

    private Optional<EndpointLoad> pick(EndpointLoad[] from, long nowNanos) {
        if (from.length < 2) {
            return from.length == 0 ? Optional.empty() : from[0].chosen();
        }
        int one = random.nextInt(from.length);
        int other = random.nextInt(from.length - 1);
        EndpointLoad first = from[one];
        EndpointLoad second = from[other < one ? other : other + 1];
        return first.load(nowNanos) <= second.load(nowNanos) ? first.chosen() : second.chosen();
    }
}
