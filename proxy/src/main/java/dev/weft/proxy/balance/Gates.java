package dev.weft.proxy.balance;

import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * The gates of all service ports that need one: those that sleep at zero, and those that limit their concurrency.
 * Shared by all loops; changed by the control plane's thread alone.
 */
public final class Gates {

    private final ConcurrentMap<ServicePort, Gate> gates = new ConcurrentHashMap<>();
    private final CircuitBreakers breakers;
    private final LongSupplier nanos;

    /**
     * No gates yet.
     *
     * @param nanos the time, as {@link System#nanoTime()}
     */
    public Gates(CircuitBreakers breakers, LongSupplier nanos) {
        this.breakers = breakers;
        this.nanos = nanos;
    }

    /**
     * Brings the gates up to date, after the breakers and before the loops learn of the snapshot. A gate whose service is
     * gone loses its endpoints, so who waits there waits until the engine's time is over.
     */
    public void update(Snapshot snapshot) {
        gates.forEach((servicePort, gate) -> {
            EndpointGroup group = snapshot.groups().get(servicePort);
            gate.update(
                    group == null ? new EndpointGroup(servicePort, List.of(), false, 0) : group,
                    breakers.of(servicePort));
        });
        gates.keySet().retainAll(snapshot.groups().keySet());
        snapshot.groups().values().stream().filter(Gates::needed).forEach(this::gate);
    }

    /** Whether a request to this group has to pass its gate now; else the loop's {@link Balancer} chooses. */
    public static boolean needed(EndpointGroup group) {
        return group.concurrencyPerEndpoint() > 0
                || (group.activatable() && group.endpoints().isEmpty());
    }

    /** How many wait at this service port's gate. */
    public int waiting(ServicePort servicePort) {
        Gate gate = gates.get(servicePort);
        return gate == null ? 0 : gate.waiting();
    }

    /** The gate of a group that needs one. */
    public Gate gate(EndpointGroup group) {
        return gates.computeIfAbsent(group.servicePort(), _ -> {
            Gate gate = new Gate(nanos);
            gate.update(group, breakers.of(group.servicePort()));
            return gate;
        });
    }
}
