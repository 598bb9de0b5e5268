package dev.weft.http.transport;

import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one side of a mutual handshake has.
 *
 * @param chain leaf first
 */
public record Credentials(List<X509Certificate> chain, PrivateKey privateKey, TrustedPeers trusted) {

    public Credentials {
        chain = List.copyOf(chain);
    }

    /** Trusting all for whom one of these anchors vouches. */
    public Credentials(List<X509Certificate> chain, PrivateKey privateKey, List<X509Certificate> anchors) {
        this(chain, privateKey, TrustedPeers.of(anchors));
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "Credentials[" + chain.getFirst().getSubjectX500Principal() + "]";
    }

    /**
     * Whom one side of a mutual handshake trusts: everybody for whom one of the anchors vouches, but for certificates that were
     * revoked.
     *
     * @param anchors the peer's chain must end in one of them
     * @param revoked certificates, by their serial numbers
     * @param revokedBefore all certificates of an identity (URI name) that begin before a moment
     */
    public record TrustedPeers(
            List<X509Certificate> anchors, Set<BigInteger> revoked, Map<String, Instant> revokedBefore) {

        public TrustedPeers {
            anchors = List.copyOf(anchors);
            revoked = Set.copyOf(revoked);
            revokedBefore = Map.copyOf(revokedBefore);
        }

        /** All for whom one of these vouches. */
        public static TrustedPeers of(List<X509Certificate> anchors) {
            return new TrustedPeers(anchors, Set.of(), Map.of());
        }

        /** Whether everybody whom the other one trusts is trusted here too. */
        public boolean includes(TrustedPeers other) {
            return anchors.containsAll(other.anchors)
                    && other.revoked.containsAll(revoked)
                    && revokedBefore.entrySet().stream()
                            .noneMatch(entry -> other.revokedBefore
                                    .getOrDefault(entry.getKey(), Instant.MIN)
                                    .isBefore(entry.getValue()));
        }

        /** Whether the certificate that a handshake showed was revoked. */
        public boolean isRevoked(TlsSession session) {
            return session.peer().filter(this::isRevoked).isPresent();
        }

        boolean isRevoked(X509Certificate leaf) {
            if (revoked.contains(leaf.getSerialNumber())) {
                return true;
            }
            Instant before = revokedBefore.isEmpty() ? null : revokedBefore.get(TlsSession.uri(leaf));
            return before != null && leaf.getNotBefore().toInstant().isBefore(before);
        }

        /** Why the peer of an earlier handshake is not trusted now; empty when it is. */
        public Optional<String> refusal(TlsSession session) {
            if (isRevoked(session)) {
                return Optional.of("the certificate of " + session.peerUri() + " was revoked");
            }
            try {
                ChainTrust.mesh(this).checkClientTrusted(session.chain().toArray(X509Certificate[]::new), "");
                return Optional.empty();
            } catch (CertificateException _) {
                return Optional.of("the trust anchor behind " + session.peerUri() + " was removed");
            }
        }
    }
}
