package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The hash tables that requests have asked for, shared by all loops. The control plane's thread makes them anew when
 * endpoints change, before the loops learn of it; a loop makes one itself only for the first request that wants it.
 */
public final class HashTables {

    private record Key(ServicePort servicePort, HashTable.Kind kind) {}

    private record Made(List<Endpoint> endpoints, HashTable table) {}

    private final ConcurrentMap<Key, Made> tables = new ConcurrentHashMap<>();

    /** Brings those that are in use up to date. One thread at a time. */
    public void update(Snapshot snapshot) {
        tables.keySet().removeIf(key -> !snapshot.groups().containsKey(key.servicePort()));
        tables.replaceAll((key, made) -> {
            EndpointGroup group = snapshot.groups().get(key.servicePort());
            return group == null || group.endpoints().equals(made.endpoints())
                    ? made
                    : new Made(group.endpoints(), HashTable.of(key.kind(), group.endpoints()));
        });
    }

    /** The table of these endpoints. */
    HashTable of(ServicePort servicePort, HashTable.Kind kind, List<Endpoint> endpoints) {
        Made made = tables.computeIfAbsent(
                new Key(servicePort, kind), _ -> new Made(endpoints, HashTable.of(kind, endpoints)));
        boolean fits = made.endpoints().equals(endpoints);
        return fits ? made.table() : HashTable.of(kind, endpoints); // this loop has another snapshot for a moment
    }
}
