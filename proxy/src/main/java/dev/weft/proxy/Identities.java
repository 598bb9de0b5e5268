package dev.weft.proxy;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Credentials;
import dev.weft.http.transport.ServerTls;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS credentials of every identity that has a listener here. Owner: the proxy's control thread. */
final class Identities {

    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);

    private static final List<String> SPOKEN = List.of(TlsSession.HTTP_2, TlsSession.HTTP_1_1);

    private final Certificates certificates;
    private final Map<WorkloadIdentity, Held> held = new HashMap<>();
    private volatile List<X509Certificate> anchors;

    /** What an identity connects with, and accepts with. */
    record Pair(ClientTls client, ServerTls server) {}

    private record Held(Pair pair, Credentials credentials) {}

    Identities(Certificates certificates) {
        this.certificates = certificates;
        this.anchors = certificates.anchors();
    }

    Pair of(WorkloadIdentity identity) {
        Held there = held.computeIfAbsent(identity, wanted -> {
            Credentials credentials = credentials(wanted);
            return new Held(new Pair(ClientTls.mesh(credentials), ServerTls.mesh(credentials, SPOKEN)), credentials);
        });
        return there.pair();
    }

    /** Those of now; from any thread. */
    List<X509Certificate> anchors() {
        return anchors;
    }

    /**
     * Takes over what was renewed; connections made from now on use it.
     *
     * @return whether somebody is trusted no more, so that connections made before must go
     */
    boolean renew() {
        List<X509Certificate> before = anchors;
        anchors = certificates.anchors();
        held.replaceAll(this::renewed);
        return !anchors.containsAll(before);
    }

    private Held renewed(WorkloadIdentity identity, Held before) {
        try {
            Credentials credentials = credentials(identity);
            if (credentials.equals(before.credentials())) {
                return before;
            }
            before.pair().client().replace(credentials);
            before.pair().server().replace(credentials);
            return new Held(before.pair(), credentials);
        } catch (RuntimeException e) {
            LOG.warn("{} keeps its certificate, as no newer one could be had", identity, e);
            return before;
        }
    }

    void retain(Set<WorkloadIdentity> wanted) {
        held.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().pair().client().retire();
                entry.getValue().pair().server().retire();
            }
            return gone;
        });
    }

    private Credentials credentials(WorkloadIdentity identity) {
        WorkloadCertificate certificate = certificates.certificate(identity);
        return new Credentials(certificate.chain(), certificate.privateKey(), certificates.anchors());
    }
}
