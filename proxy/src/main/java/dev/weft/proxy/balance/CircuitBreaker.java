package dev.weft.proxy.balance;

import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes endpoints of one service port out while they fail (outlier detection, failure accrual) and lets one request at a
 * time try whether they are well again.
 *
 * <p>Shared by all loops without a lock. What must hold across them: how many endpoints are out is one compare-and-set
 * word, taken before an endpoint goes out and given back after it is in again, so the cap is never passed; the state of an
 * endpoint is one word ({@link EndpointHealth}). The members are one volatile value that the control plane's thread
 * replaces.
 */
public final class CircuitBreaker {

    /** @param health by endpoint */
    private record Members(List<Endpoint> endpoints, CircuitBreaking rules, Map<Endpoint, EndpointHealth> health) {}

    private final int loops;
    private final AtomicInteger out = new AtomicInteger();
    private final AtomicLong trips = new AtomicLong();
    private final AtomicInteger version = new AtomicInteger();
    private volatile Members members = new Members(List.of(), CircuitBreaking.OFF, Map.of());

    /**
     * A breaker without endpoints.
     *
     * @param loops how many event loops will use it; they number themselves from 0
     */
    public CircuitBreaker(int loops) {
        this.loops = loops;
    }

    /** Takes over the group's endpoints and rules. One thread at a time. */
    public void update(EndpointGroup group, long nowNanos) {
        Members before = members;
        CircuitBreaking rules = group.policy().circuitBreaking();
        if (before.endpoints.equals(group.endpoints()) && before.rules.equals(rules)) {
            return;
        }
        Map<Endpoint, EndpointHealth> next =
                HashMap.newHashMap(group.endpoints().size());
        for (Endpoint endpoint : group.endpoints()) {
            EndpointHealth known = before.health.get(endpoint);
            boolean kept = known != null && before.rules.equals(rules);
            next.put(endpoint, kept ? known : new EndpointHealth(this, endpoint, rules, loops, nowNanos));
        }
        members = new Members(group.endpoints(), rules, next);
        before.health.forEach((endpoint, health) -> {
            if (next.get(endpoint) != health) {
                health.leave();
            }
        });
        changed();
    }

    /** Null when the endpoint is not, or no longer, one of this breaker's. */
    @Nullable
    EndpointHealth health(Endpoint endpoint) {
        return members.health.get(endpoint);
    }

    /** Changes whenever an endpoint goes out, comes in, or leaves. */
    int version() {
        return version.get();
    }

    /** How many endpoints are out now. */
    public int out() {
        return out.get();
    }

    /** How often an endpoint was taken out. */
    public long trips() {
        return trips.get();
    }

    /** Whether so few are in that all have to be used. */
    boolean panic(int in, int all) {
        return in * 100 < members.rules.panicPercent() * all;
    }

    /** One sentence for each endpoint that is out; for people. */
    public List<String> outNow(long nowNanos) {
        return members.health.values().stream()
                .map(health -> health.describe(nowNanos))
                .filter(text -> !text.isEmpty())
                .sorted()
                .toList();
    }

    /** Reserves a place among those that are out; false when the cap is reached. */
    boolean reserve() {
        Members now = members;
        int most = now.health.size() * now.rules.ejectedPercentMax() / 100;
        int before = out.get();
        while (before < most) {
            if (out.compareAndSet(before, before + 1)) {
                trips.incrementAndGet();
                return true;
            }
            before = out.get();
        }
        return false;
    }

    /** Gives a reserved place back. */
    void release() {
        out.decrementAndGet();
    }

    void changed() {
        version.incrementAndGet();
    }
}
