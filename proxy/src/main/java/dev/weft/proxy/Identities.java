package dev.weft.proxy;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Credentials;
import dev.weft.http.transport.Credentials.TrustedPeers;
import dev.weft.http.transport.ServerTls;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
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
    private volatile TrustedPeers trusted;

    /** What an identity connects with, and accepts with. */
    record Pair(ClientTls client, ServerTls server) {}

    private record Held(Pair pair, Credentials credentials) {}

    Identities(Certificates certificates) {
        this.certificates = certificates;
        this.trusted = trusted(certificates);
    }

    Pair of(WorkloadIdentity identity) {
        Held there = held.computeIfAbsent(identity, wanted -> {
            Credentials credentials = credentials(wanted);
            return new Held(new Pair(ClientTls.mesh(credentials), ServerTls.mesh(credentials, SPOKEN)), credentials);
        });
        return there.pair();
    }

    /** As of now; from any thread. */
    TrustedPeers trusted() {
        return trusted;
    }

    private static TrustedPeers trusted(Certificates certificates) {
        Set<BigInteger> serials = new HashSet<>();
        Map<String, Instant> before = new HashMap<>();
        for (Revocation each : certificates.revocations()) {
            switch (each) {
                case Revocation.OfCertificate one -> serials.add(one.serial());
                case Revocation.OfIdentity all -> before.put(all.identity().uri(), all.before());
            }
        }
        return new TrustedPeers(certificates.anchors(), serials, before);
    }

    /**
     * Takes over what was renewed; connections made from now on use it.
     *
     * @return whether somebody is trusted no more, so that connections made before must go
     */
    boolean renew() {
        TrustedPeers before = trusted;
        trusted = trusted(certificates);
        held.replaceAll(this::renewed);
        return !trusted.includes(before);
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
        return new Credentials(certificate.chain(), certificate.privateKey(), trusted);
    }
}
