package dev.weft.model.traffic;

/**
 * A certificate that the edge shows to its clients.
 *
 * @param host exact host, {@code *.suffix}, or {@code *}
 * @param chainPem leaf first, PEM; empty where nobody is let in
 * @param privateKeyPem PKCS#8 PEM; never printed
 * @param policy what the host's clients have to keep to
 */
public record ServerCertificate(String host, String chainPem, String privateKeyPem, TlsPolicy policy) {

    /** For everybody. */
    public ServerCertificate(String host, String chainPem, String privateKeyPem) {
        this(host, chainPem, privateKeyPem, TlsPolicy.OPEN);
    }

    /** Has every handshake for the host fail, and every request for it over others' connections. */
    public static ServerCertificate closed(String host) {
        return new ServerCertificate(host, "", "", TlsPolicy.CLOSED);
    }

    /** Whether it is there for a certificate authority's question alone, beside the host's own. */
    public boolean forChallenge() {
        return policy.equals(TlsPolicy.CHALLENGE);
    }

    /** Whether nobody is let in. */
    public boolean closed() {
        return policy.clients() == TlsPolicy.Clients.NOBODY;
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "ServerCertificate[" + host + "]";
    }
}
