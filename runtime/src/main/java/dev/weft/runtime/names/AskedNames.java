package dev.weft.runtime.names;

import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * By which names each pod knows addresses outside: those that it asked for. Kept for each pod by itself, so that none gives another's
 * calls their names, nor has them forgotten. Safe from any thread.
 */
final class AskedNames {

    private static final int OF_ONE_POD_MAX = 1_000;

    private final Map<String, Map<InetAddress, String>> pods = new ConcurrentHashMap<>();

    /** A pod is there from now on; of others nothing is kept. */
    void add(String pod) {
        pods.put(pod, Collections.synchronizedMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<InetAddress, String> eldest) {
                return size() > OF_ONE_POD_MAX;
            }
        }));
    }

    void remove(String pod) {
        pods.remove(pod);
    }

    /** This address was an answer to that pod's question for the name. */
    void put(String pod, InetAddress address, String name) {
        Map<InetAddress, String> known = pods.get(pod);
        if (known != null) {
            known.put(address, name);
        }
    }

    /** The name; the address itself where the pod never asked for it. */
    String of(String pod, InetAddress address) {
        return pods.getOrDefault(pod, Map.of()).getOrDefault(address, address.getHostAddress());
    }
}
