package dev.weft.proxy.balance;

import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One loop's balancers, one per service port that it has sent to. Belongs to that loop. */
public final class Balancers {

    private final RandomGenerator random;
    private final Map<ServicePort, Balancer> byServicePort = new HashMap<>();

    /** No balancers yet. */
    public Balancers(RandomGenerator random) {
        this.random = random;
    }

    /** The balancer of this group, with the group's endpoints. */
    public Balancer of(EndpointGroup group, long nowNanos) {
        Balancer balancer = byServicePort.computeIfAbsent(group.servicePort(), _ -> new Balancer(random));
        balancer.update(group, nowNanos);
        return balancer;
    }

    /** Forgets what the groups of a new snapshot no longer hold. */
    public void retain(Map<ServicePort, EndpointGroup> groups, long nowNanos) {
        byServicePort.keySet().retainAll(groups.keySet());
        byServicePort.forEach((servicePort, balancer) -> {
            EndpointGroup group = groups.get(servicePort);
            if (group != null) {
                balancer.update(group, nowNanos);
            }
        });
    }
}
