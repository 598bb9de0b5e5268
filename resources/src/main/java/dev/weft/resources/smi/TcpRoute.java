package dev.weft.resources.smi;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names connections (SMI Traffic Specs TCPRoute, every version's shape).
 *
 * @param ports of the pod; empty for every port
 */
public record TcpRoute(Resource resource, Set<Integer> ports) {

    public TcpRoute {
        ports = Set.copyOf(ports);
    }

    public static Read<TcpRoute> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static TcpRoute of(Resource resource, Fields root) {
        return new TcpRoute(
                resource,
                root.object(
                                "spec",
                                spec -> spec.object("matches", TcpRoute::ports).orElse(Set.of()))
                        .orElse(Set.of()));
    }

    private static Set<Integer> ports(Fields matches) {
        matches.inert("name");
        Set<Integer> ports = new HashSet<>();
        List<Integer> numbers = matches.integers("ports", 1, 65_535);
        ports.addAll(numbers);
        return ports;
    }
}
