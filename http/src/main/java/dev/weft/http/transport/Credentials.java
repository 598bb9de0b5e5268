package dev.weft.http.transport;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

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
}
