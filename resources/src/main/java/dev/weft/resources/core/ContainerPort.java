package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.List;

/**
 * A port that a container serves.
 *
 * @param name may be empty
 * @param port 1 to 65535
 */
public record ContainerPort(String name, int port, String protocol) {

    public static ContainerPort of(Fields fields) {
        fields.inert("hostPort", "hostIP");
        String protocol = fields.word("protocol", List.of("TCP", "UDP", "SCTP")).orElse("TCP");
        return new ContainerPort(fields.text("name", ""), fields.requiredInteger("containerPort", 1, 65_535), protocol);
    }
}
