package dev.weft.proxy.balance;

import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of all service ports that want one. Shared by all loops; changed by the control plane's thread
 * alone, before the loops learn of a snapshot.
 */
public final class CircuitBreakers {

    private final int loops;
    private final ConcurrentMap<ServicePort, CircuitBreaker> breakers = new ConcurrentHashMap<>();

    /** No breakers yet. */
    public CircuitBreakers(int loops) {
        this.loops = loops;
    }

    /** Brings them up to date. */
    public void update(Snapshot snapshot, long nowNanos) {
        breakers.keySet().removeIf(servicePort -> {
            EndpointGroup group = snapshot.groups().get(servicePort);
            return group == null || !group.policy().circuitBreaking().on();
        });
        for (EndpointGroup group : snapshot.groups().values()) {
            if (group.policy().circuitBreaking().on()) {
                breakers.computeIfAbsent(group.servicePort(), _ -> new CircuitBreaker(loops))
                        .update(group, nowNanos);
            }
        }
    }

    /** Null where endpoints are never taken out. */
    public @Nullable CircuitBreaker of(ServicePort servicePort) {
        return breakers.get(servicePort);
    }
}
