package dev.weft.model.traffic;

import dev.weft.model.problem.ResourceReference;
import java.util.List;

/**
 * A port of the edge gateway.
 *
 * @param name for tables, for example {@code https-8443}
 * @param address to bind, loopback unless told otherwise
 * @param port to bind, 1 to 65535
 * @param tls true when it speaks TLS only, with the certificates below chosen by server name
 * @param certificates first match wins; a server name that none matches is refused at the handshake
 */
public record EdgeListener(
        String name,
        ResourceReference source,
        String address,
        int port,
        boolean tls,
        List<ServerCertificate> certificates) {

    public EdgeListener {
        certificates = List.copyOf(certificates);
    }
}
