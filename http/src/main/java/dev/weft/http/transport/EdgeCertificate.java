package dev.weft.http.transport;

/**
 * A certificate for clients outside the mesh.
 *
 * @param host exact host, {@code *.suffix}, or {@code *}
 * @param chainPem leaf first, PEM
 * @param privateKeyPem PKCS#8 PEM
 */
public record EdgeCertificate(String host, String chainPem, String privateKeyPem) {

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "EdgeCertificate[" + host + "]";
    }
}
