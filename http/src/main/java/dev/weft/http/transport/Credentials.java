package dev.weft.http.transport;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What one side of a mutual handshake has.
 *
 * @param chain leaf first
 * @param anchors the peer's chain must end in one of them
 */
public record Credentials(List<X509Certificate> chain, PrivateKey privateKey, List<X509Certificate> anchors) {

    public Credentials {
        chain = List.copyOf(chain);
        anchors = List.copyOf(anchors);
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "Credentials[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
