package dev.weft.resources.core;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A Kubernetes Service: a name for the pods that its selector picks.
 *
 * @param selector labels that a pod must carry, all of them; empty for none (its endpoints come from elsewhere)
 * @param externalName for type {@code ExternalName}, empty otherwise
 * @param clientAffinity whether a client's requests go to one pod ({@code sessionAffinity: ClientIP})
 * @param prefersClose whether pods in the caller's zone come first ({@code trafficDistribution})
 */
public record Service(
        Resource resource,
        Type type,
        Map<String, String> selector,
        List<Port> ports,
        String externalName,
        boolean clientAffinity,
        boolean prefersClose) {

    private static final List<String> DISTRIBUTIONS = List.of("PreferClose", "PreferSameZone", "PreferSameNode");

    /** What is for networks of several machines or of two kinds of addresses, with what holds here. */
    private static final Map<String, List<String>> ELSEWHERE = Map.of(
            "ipFamilies", List.of("[\"IPv4\"]"),
            "ipFamilyPolicy", List.of("SingleStack"),
            "internalTrafficPolicy", List.of("Cluster", "Local"),
            "externalTrafficPolicy", List.of("Cluster", "Local"),
            "allocateLoadBalancerNodePorts", List.of("true"),
            "loadBalancerClass", List.of(),
            "loadBalancerIP", List.of(),
            "loadBalancerSourceRanges", List.of(),
            "healthCheckNodePort", List.of("0"),
            "externalIPs", List.of());

    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    /**
     * One port.
     *
     * @param name may be empty when there is one port only
     * @param port what callers name, 1 to 65535
     * @param targetPort of the selected pods; the same number as {@code port} when not given
     * @param appProtocol may be empty
     * @param nodePort of this machine, for types that have one; 0 for none
     */
    public record Port(
            String name, int port, PortReference targetPort, String protocol, String appProtocol, int nodePort) {}

    public Service {
        selector = Map.copyOf(selector);
        ports = List.copyOf(ports);
    }

    public static Read<Service> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Service of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.inert("clusterIP", "clusterIPs");
            spec.oneWay("the mesh carries calls on this machine alone.", ELSEWHERE);
            spec.oneWay("callers get endpoints that are ready.", Map.of("publishNotReadyAddresses", List.of()));
            spec.oneWay(
                    "a client stays with its pod as long as that is there.",
                    Map.of("sessionAffinityConfig", List.of()));
            Type type = spec.word("type", List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"))
                    .map(Service::type)
                    .orElse(Type.CLUSTER_IP);
            String externalName = spec.text("externalName", "");
            if (type == Type.EXTERNAL_NAME && externalName.isEmpty()) {
                spec.missing("externalName", "a host name");
            }
            boolean portless =
                    type == Type.EXTERNAL_NAME || spec.text("clusterIP", "").equals("None");
            List<Port> ports =
                    portless ? spec.objects("ports", Service::port) : spec.requiredObjects("ports", Service::port);
            checkNames(spec, ports);
            boolean affine = spec.word("sessionAffinity", List.of("None", "ClientIP"))
                    .filter("ClientIP"::equals)
                    .isPresent();
            boolean close = spec.word("trafficDistribution", DISTRIBUTIONS).isPresent();
            return new Service(resource, type, spec.textMap("selector"), ports, externalName, affine, close);
        });
    }

    private static Type type(String word) {
        return switch (word) {
            case "NodePort" -> Type.NODE_PORT;
            case "LoadBalancer" -> Type.LOAD_BALANCER;
            case "ExternalName" -> Type.EXTERNAL_NAME;
            default -> Type.CLUSTER_IP;
        };
    }

    private static Port port(Fields fields) {
        int port = fields.requiredInteger("port", 1, 65_535);
        String protocol = fields.word("protocol", List.of("TCP", "UDP", "SCTP")).orElse("TCP");
        if (!protocol.equals("TCP")) {
            fields.warning(
                    "protocol", "NotSupportedYet", fields.path("protocol") + ": only TCP is carried.", "Write TCP.");
        }
        int nodePort = fields.integer("nodePort", 0, 0, 65_535);
        PortReference target =
                PortReference.read(fields, "targetPort").orElseGet(() -> new PortReference.Numbered(port));
        return new Port(fields.text("name", ""), port, target, protocol, fields.text("appProtocol", ""), nodePort);
    }

    private static void checkNames(Fields spec, List<Port> ports) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            if (ports.size() > 1 && port.name().isEmpty()) {
                spec.missing("ports[" + i + "].name", "a name, because there are several ports");
            } else if (!port.name().isEmpty() && !Names.label(port.name())) {
                spec.invalid(
                        "ports[" + i + "].name",
                        "\"" + port.name() + "\" is no DNS label.",
                        "Write lower case letters, digits, dashes.");
            } else if (!port.name().isEmpty() && !names.add(port.name())) {
                spec.invalid(
                        "ports[" + i + "].name", "\"" + port.name() + "\" is used twice.", "Give each port its own.");
            }
            if (!numbers.add(port.port() + port.protocol())) {
                spec.invalid("ports[" + i + "].port", port.port() + " is used twice.", "Give each port its own.");
            }
        }
    }
}
