package dev.weft.model.traffic;

/**
 * A certificate that the edge shows to its clients.
 *
 * @param host exact host, {@code *.suffix}, or {@code *}
 * @param chainPem leaf first, PEM
 * @param privateKeyPem PKCS#8 PEM; never printed
 */
public record ServerCertificate(String host, String chainPem, String privateKeyPem) {

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "ServerCertificate[" + host + "]";
    }
}
