package dev.weft.proxy.route;

import dev.weft.model.traffic.ServicePort;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a name means that a workload calls, as cluster DNS would read it: {@code quote} in the caller's namespace, {@code
 * quote.ns}, {@code quote.ns.svc}, {@code quote.ns.svc.cluster.local}, each with or without a dot at its end; port 80
 * where none is written. Immutable.
 */
final class MeshNames {

    private static final int PORT_DEFAULT = 80;
    private static final byte[][] ZONES = {zone(".svc"), zone(".svc.cluster.local")};

    /** By {@code name.namespace}. */
    private final HostMap<Ports> services;

    MeshNames(Map<ServicePort, FrontendRoutes> frontends) {
        Map<String, SortedMap<Integer, FrontendRoutes>> byHost = new LinkedHashMap<>();
        frontends.forEach((servicePort, routes) -> {
            String host =
                    servicePort.service().name() + "." + servicePort.service().namespace();
            byHost.computeIfAbsent(host, _ -> new TreeMap<>()).put(servicePort.port(), routes);
        });
        Map<String, Ports> ports = new LinkedHashMap<>();
        byHost.forEach((host, routes) -> ports.put(host, new Ports(host, routes)));
        this.services = new HostMap<>(ports);
    }

    Optional<FrontendRoutes> find(String callerNamespace, HeadView head) {
        int index = service(callerNamespace, head);
        if (index == HostMap.ABSENT) {
            return Optional.empty();
        }
        return services.value(index)
                .find(Authority.port(head.bytes(), head.authorityStart(), head.authorityEnd(), PORT_DEFAULT));
    }

    /** Why {@link #find} found nothing, one sentence. */
    String unknown(String callerNamespace, HeadView head) {
        int index = service(callerNamespace, head);
        if (index == HostMap.ABSENT) {
            return "\"" + head.authority() + "\", called from namespace " + callerNamespace
                    + ", names no Service of this platform.";
        }
        Ports ports = services.value(index);
        return "Service " + ports.host + " has no port "
                + Authority.port(head.bytes(), head.authorityStart(), head.authorityEnd(), PORT_DEFAULT) + " (it has "
                + ports.numbers() + ").";
    }

    private int service(String callerNamespace, HeadView head) {
        byte[] bytes = head.bytes();
        int from = head.authorityStart();
        int end = withoutZone(bytes, from, Authority.hostEnd(bytes, from, head.authorityEnd()));
        for (int i = from; i < end; i++) {
            if (bytes[i] == '.') {
                return services.find(bytes, from, end);
            }
        }
        return services.findUnder(bytes, from, end, callerNamespace);
    }

    private static int withoutZone(byte[] bytes, int from, int end) {
        for (byte[] zone : ZONES) {
            int start = end - zone.length;
            if (start > from && same(bytes, start, zone)) {
                return start;
            }
        }
        return end;
    }

    private static boolean same(byte[] bytes, int at, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            byte each = bytes[at + i];
            byte lower = each >= 'A' && each <= 'Z' ? (byte) (each + 32) : each;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] zone(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One service's ports. */
    private static final class Ports {
        private final String host;
        private final int[] numbers;
        private final List<Optional<FrontendRoutes>> routes;

        Ports(String host, SortedMap<Integer, FrontendRoutes> byPort) {
            this.host = host;
            this.numbers = byPort.keySet().stream().mapToInt(Integer::intValue).toArray();
            this.routes = byPort.values().stream().map(Optional::of).toList();
        }

        Optional<FrontendRoutes> find(int port) {
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] == port) {
                    return routes.get(i);
                }
            }
            return Optional.empty();
        }

        String numbers() {
            return Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        }
    }
}
