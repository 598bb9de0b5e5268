package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A port that a container serves.
 *
 * @param name may be empty
 * @param port 1 to 65535
 */
public record ContainerPort(String name, int port, String protocol) {

    /** The ports of a container; two of one name cannot be told apart. */
    static List<ContainerPort> all(Fields container) {
        List<ContainerPort> ports = container.objects("ports", ContainerPort::of);
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ContainerPort port = ports.get(i);
            String at = "ports[" + i + "]";
            if (!port.name().isEmpty() && !names.add(port.name())) {
                container.invalid(at + ".name", "\"" + port.name() + "\" is used twice.", "Give each port its own.");
            }
            if (port.port() > 0 && !numbers.add(port.port() + port.protocol())) {
                container.warning(
                        at + ".containerPort",
                        "NoEffect",
                        container.path(at + ".containerPort") + ": " + port.port() + " is declared twice.",
                        "Remove one of them.");
            }
        }
        return ports;
    }

    public static ContainerPort of(Fields fields) {
        fields.inert("hostPort", "hostIP");
        String protocol = fields.word("protocol", List.of("TCP", "UDP", "SCTP")).orElse("TCP");
        return new ContainerPort(fields.text("name", ""), fields.requiredInteger("containerPort", 1, 65_535), protocol);
    }
}
