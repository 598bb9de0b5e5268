package dev.weft.resources.core;

import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.DeclaredProtocol.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is declared of the bytes on a Service's port. In this order: {@code appProtocol}; Linkerd's annotations on the Service,
 * then on its namespace; the beginning of the port's name up to a hyphen; Linkerd's list of well-known ports, where no
 * annotation replaces it. What nothing declares is found out by its bytes.
 */
public final class PortProtocols {

    /** Numbers and ranges, comma separated. Replaces the list of well-known ports. */
    public static final String OPAQUE_PORTS = "config.linkerd.io/opaque-ports";

    /** In Linkerd these pass beside the proxy; here nothing does, so they are opaque. */
    private static final List<String> SKIPPING =
            List.of("config.linkerd.io/skip-inbound-ports", "config.linkerd.io/skip-outbound-ports");

    private static final String WELL_KNOWN = "25,587,3306,4444,4567,4568,5432,6379,9300,11211";
    private static final Set<String> HTTP1 = Set.of("http", "http1", "kubernetes.io/ws", "ws");
    private static final Set<String> HTTP2 = Set.of("http2", "h2", "h2c", "grpc", "kubernetes.io/h2c");
    private static final Set<String> OPAQUE_NAMES = Set.of(
            "tcp",
            "tls",
            "https",
            "wss",
            "redis",
            "mongo",
            "mysql",
            "postgres",
            "postgresql",
            "amqp",
            "mqtt",
            "kafka",
            "smtp",
            "memcached");

    private PortProtocols() {}

    /**
     * Of one port.
     *
     * @param service the Service's annotations
     * @param namespace its namespace's annotations
     */
    public static DeclaredProtocol of(Service.Port port, Map<String, String> service, Map<String, String> namespace) {
        if (!port.appProtocol().isEmpty()) {
            return new DeclaredProtocol(kind(port.appProtocol()), "appProtocol \"" + port.appProtocol() + "\"");
        }
        Optional<DeclaredProtocol> annotated = annotated(port, service).or(() -> annotated(port, namespace));
        if (annotated.isPresent()) {
            return annotated.get();
        }
        String name = port.name().split("-", 2)[0];
        boolean telling = HTTP1.contains(name) || HTTP2.contains(name) || OPAQUE_NAMES.contains(name);
        if (telling) {
            return new DeclaredProtocol(kind(name), "port name \"" + port.name() + "\"");
        }
        boolean replaced = service.containsKey(OPAQUE_PORTS) || namespace.containsKey(OPAQUE_PORTS);
        return !replaced && contains(WELL_KNOWN, port.port())
                ? new DeclaredProtocol(Kind.OPAQUE, "well-known port " + port.port())
                : DeclaredProtocol.NONE;
    }

    /** As Linkerd does, a protocol that is not known is opaque. */
    private static Kind kind(String protocol) {
        if (HTTP1.contains(protocol)) {
            return Kind.HTTP1;
        }
        return HTTP2.contains(protocol) ? Kind.HTTP2 : Kind.OPAQUE;
    }

    private static Optional<DeclaredProtocol> annotated(Service.Port port, Map<String, String> annotations) {
        if (contains(annotations.getOrDefault(OPAQUE_PORTS, ""), port.port())) {
            return Optional.of(new DeclaredProtocol(Kind.OPAQUE, OPAQUE_PORTS));
        }
        return SKIPPING.stream()
                .filter(name -> contains(annotations.getOrDefault(name, ""), port.port()))
                .findFirst()
                .map(name -> new DeclaredProtocol(Kind.OPAQUE, name));
    }

    private static boolean contains(String list, int port) {
        for (String each : list.split(",", -1)) {
            String[] ends = each.strip().split("-", 2);
            try {
                int first = Integer.parseInt(ends[0]);
                int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
                if (first <= port && port <= last) {
                    return true;
                }
            } catch (NumberFormatException _) {
                // names of container ports, which Linkerd takes too, mean nothing on a Service
            }
        }
        return false;
    }
}
