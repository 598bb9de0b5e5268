package dev.weft.runtime.names;

import dev.weft.model.workload.ServiceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The services' own addresses in 10.96.0.0/16, and the same numbers in fd10:96::/32. A service's name decides its address,
 * unless it names one itself or another has it already; so it is the same after a restart. Owner: this object's monitor; reading by
 * address takes no lock.
 */
final class ServiceAddresses {

    private static final int FIRST = 256; // what comes before is the platform's own
    private static final int COUNT = 65_536 - 2 * FIRST;
    private static final Set<Integer> RESERVED = Set.of(0, 1, 2, 10); // the API, the host, the name server

    private final Map<ServiceName, Integer> numbers = new HashMap<>();
    private final Map<Integer, ServiceName> names = new ConcurrentHashMap<>();

    /**
     * The last 16 bits of the service's address.
     *
     * @param wanted which it gets unless another has it, 0 for any
     */
    synchronized int of(ServiceName service, int wanted) {
        Integer known = numbers.get(service);
        boolean granted = !RESERVED.contains(wanted) && !names.containsKey(wanted);
        if (known != null && !granted) {
            return known;
        }
        if (granted) {
            forget(service);
            names.put(wanted, service);
            numbers.put(service, wanted);
            return wanted;
        }
        int number = Math.floorMod(service.toString().hashCode() * 0x9E3779B1, COUNT);
        while (names.containsKey(FIRST + number)) {
            number = (number + 1) % COUNT;
        }
        names.put(FIRST + number, service);
        numbers.put(service, FIRST + number);
        return FIRST + number;
    }

    /** A deleted service's address may be another's later. */
    synchronized void forget(ServiceName service) {
        Integer number = numbers.remove(service);
        if (number != null) {
            names.remove(number);
        }
    }

    Optional<ServiceName> named(int number) {
        return Optional.ofNullable(names.get(number));
    }
}
