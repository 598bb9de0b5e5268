package dev.weft.proxy;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Credentials;
import dev.weft.http.transport.ServerTls;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The TLS credentials of every identity that has a listener here. Owner: the proxy's control thread. */
final class Identities {

    private final Certificates certificates;
    private final Map<WorkloadIdentity, Pair> held = new HashMap<>();

    /** What an identity connects with, and accepts with. */
    record Pair(ClientTls client, ServerTls server) {}

    Identities(Certificates certificates) {
        this.certificates = certificates;
    }

    Pair of(WorkloadIdentity identity) {
        return held.computeIfAbsent(identity, wanted -> {
            Credentials credentials = credentials(wanted);
            return new Pair(ClientTls.mesh(credentials), ServerTls.mesh(credentials));
        });
    }

    /** Takes over what was renewed; connections made from now on use it. */
    void renew() {
        held.forEach((identity, pair) -> {
            Credentials credentials = credentials(identity);
            pair.client().replace(credentials);
            pair.server().replace(credentials);
        });
    }

    void retain(Set<WorkloadIdentity> wanted) {
        held.keySet().retainAll(wanted);
    }

    private Credentials credentials(WorkloadIdentity identity) {
        WorkloadCertificate certificate = certificates.certificate(identity);
        return new Credentials(certificate.chain(), certificate.privateKey(), certificates.anchors());
    }
}
