package dev.weft.model.traffic;

import dev.weft.model.workload.Workload;
import java.util.Optional;

/**
 * One address behind a backend.
 *
 * @param address numeric IP address, or a host name outside the mesh
 * @param port 1 to 65535
 * @param workload the pod behind it: then the connection is mutual TLS and the peer must prove this workload's
 *     identity; empty for an address outside the mesh
 * @param transport how to speak to an address outside the mesh
 */
public record Endpoint(String address, int port, Optional<Workload> workload, Transport transport) {

    public enum Transport {
        /** Mutual TLS 1.3 between workload identities. */
        MESH,
        /** Clear text, to an address outside the mesh. */
        PLAIN,
        /** TLS with the system's trusted authorities, to an address outside the mesh. */
        TLS
    }

    @Override
    public String toString() {
        return workload.map(Workload::name).orElse("") + "@" + address + ":" + port;
    }
}
