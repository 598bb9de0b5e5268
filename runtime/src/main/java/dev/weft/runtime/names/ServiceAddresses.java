package dev.weft.runtime.names;

import dev.weft.model.workload.ServiceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The services' own addresses in 10.96.0.0/16, and the same numbers in fd10:96::/32. A service's name decides its address,
 * unless another has it already; so it is the same after a restart, nearly always. Owner: this object's monitor; reading by
 * address takes no lock.
 */
final class ServiceAddresses {

    private static final int FIRST = 256; // what comes before is the platform's own
    private static final int COUNT = 65_536 - 2 * FIRST;

    private final Map<ServiceName, Integer> numbers = new HashMap<>();
    private final Map<Integer, ServiceName> names = new ConcurrentHashMap<>();

    /** The last 16 bits of the service's address. */
    synchronized int of(ServiceName service) {
        Integer known = numbers.get(service);
        if (known != null) {
            return known;
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
