package dev.weft.proxy.balance;

import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One loop's balancers, one per service port that it has sent to. Belongs to that loop. */
public final class Balancers {

    private final RandomGenerator random;
    private final int loop;
    private final CircuitBreakers breakers;
    private final HashTables tables;
    private final Map<ServicePort, Balancer> byServicePort = new HashMap<>();

    /**
     * No balancers yet.
     *
     * @param loop its number, from 0
     */
    public Balancers(RandomGenerator random, int loop, CircuitBreakers breakers, HashTables tables) {
        this.random = random;
        this.loop = loop;
        this.breakers = breakers;
        this.tables = tables;
    }

    /** The balancer of this group, with the group's endpoints. */
    public Balancer of(EndpointGroup group, long nowNanos) {
        Balancer balancer = byServicePort.get(group.servicePort());
        if (balancer == null) {
            balancer = new Balancer(group, random, loop, tables);
            byServicePort.put(group.servicePort(), balancer);
        }
        update(balancer, group, nowNanos);
        return balancer;
    }

    private void update(Balancer balancer, EndpointGroup group, long nowNanos) {
        boolean breaks = group.policy().circuitBreaking().on();
        balancer.update(group, breaks ? breakers.of(group.servicePort()) : null, nowNanos);
    }

    /** Forgets what the groups of a new snapshot no longer hold. */
    public void retain(Map<ServicePort, EndpointGroup> groups, long nowNanos) {
        byServicePort.keySet().retainAll(groups.keySet());
        byServicePort.forEach((servicePort, balancer) -> {
            EndpointGroup group = groups.get(servicePort);
            if (group != null) {
                update(balancer, group, nowNanos);
            }
        });
    }
}
