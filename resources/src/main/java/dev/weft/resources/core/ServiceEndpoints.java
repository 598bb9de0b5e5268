package dev.weft.resources.core;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@code v1 Endpoints}: the addresses behind the Service of its name, written down where no selector finds them. */
public record ServiceEndpoints(Resource resource, List<Subset> subsets) {

    /** The label of those that Weft writes for Services with a selector. */
    public static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";

    /**
     * Addresses that serve the same ports.
     *
     * @param ready the numeric addresses that take traffic
     */
    public record Subset(List<String> ready, List<Port> ports) {
        public Subset {
            ready = List.copyOf(ready);
            ports = List.copyOf(ports);
        }

        /** The number of the port of that name; where there is only one, the name does not matter. */
        public Optional<Integer> port(String name) {
            return ports.stream()
                    .filter(port -> ports.size() == 1 || port.name().equals(name))
                    .map(Port::number)
                    .findFirst();
        }
    }

    /**
     * A port of all addresses.
     *
     * @param name that of the Service's port; may be empty when there is one port only
     */
    public record Port(String name, int number) {}

    public ServiceEndpoints {
        subsets = List.copyOf(subsets);
    }

    public static Read<ServiceEndpoints> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static ServiceEndpoints of(Resource resource, Fields root) {
        return new ServiceEndpoints(resource, root.objects("subsets", ServiceEndpoints::subset));
    }

    /** Whether Weft wrote it, from a Service's selector. */
    public static boolean mirrored(Resource resource) {
        return resource.labels().entrySet().contains(Map.entry(MANAGED_BY, "weft"));
    }

    private static Subset subset(Fields fields) {
        List<String> ready = new ArrayList<>(fields.objects("addresses", ServiceEndpoints::address));
        fields.objects("notReadyAddresses", ServiceEndpoints::address);
        return new Subset(ready, fields.objects("ports", ServiceEndpoints::port));
    }

    private static String address(Fields fields) {
        fields.inert("hostname", "nodeName");
        fields.raw("targetRef");
        String address = fields.requiredText("ip");
        if (address.isEmpty()) {
            return address;
        }
        Optional<InetAddress> numeric = numeric(address);
        if (numeric.isEmpty()) {
            fields.invalid("ip", "\"" + address + "\" is no numeric address.", "Write for example 10.1.2.3.");
        }
        numeric.filter(ServiceEndpoints::special)
                .ifPresent(it -> fields.invalid(
                        "ip",
                        "\"" + address + "\" means another machine for each that reads it.",
                        "Write an address that means one machine."));
        return address;
    }

    /** As Kubernetes has it; but pods may have addresses in 127/8, which is judged where they are known. */
    private static boolean special(InetAddress address) {
        boolean loopback = address.isLoopbackAddress() && address instanceof Inet6Address;
        return loopback || address.isAnyLocalAddress() || address.isLinkLocalAddress() || address.isMCLinkLocal();
    }

    /** Of an address in full: {@code 10.1} and {@code fe80::1%eth0} are none. */
    private static Optional<InetAddress> numeric(String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            boolean full = text.contains(":") ? !text.matches(".*[%\\[].*") : text.equals(address.getHostAddress());
            return full ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Port port(Fields fields) {
        fields.inert("appProtocol");
        fields.word("protocol", List.of("TCP", "UDP", "SCTP"));
        return new Port(fields.text("name", ""), fields.requiredInteger("port", 1, 65_535));
    }
}
