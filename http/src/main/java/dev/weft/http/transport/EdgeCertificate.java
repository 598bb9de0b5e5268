package dev.weft.http.transport;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A certificate for clients outside the mesh.
 *
 * @param host exact host, {@code *.suffix}, or {@code *}
 * @param chainPem leaf first, PEM
 * @param privateKeyPem PKCS#8 PEM
 * @param policy what the host's clients have to keep to; where nobody is let in, nothing is shown
 */
public record EdgeCertificate(String host, String chainPem, String privateKeyPem, Policy policy) {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    /** For everybody. */
    public EdgeCertificate(String host, String chainPem, String privateKeyPem) {
        this(host, chainPem, privateKeyPem, Policy.OPEN);
    }

    /**
     * The key in the form that most have today, PKCS #8 (RFC 7468 section 10), read by the JDK alone: Netty asks Bouncy
     * Castle first, whose provider takes half a second and a thousand classes to begin.
     *
     * @return empty when it is in another form, or of another kind
     */
    Optional<PrivateKey> privateKey() {
        int begin = privateKeyPem.indexOf(BEGIN);
        int end = privateKeyPem.indexOf(END, Math.max(0, begin));
        if (begin < 0 || end < 0) {
            return Optional.empty();
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(privateKeyPem.substring(begin + BEGIN.length(), end));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        return ALGORITHMS.stream()
                .flatMap(algorithm -> key(algorithm, encoded).stream())
                .findFirst();
    }

    private static Optional<PrivateKey> key(String algorithm, byte[] encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    /** Whether it is for a certificate authority's question alone. */
    boolean forChallenge() {
        return policy.protocols().equals(List.of(TlsSession.ACME));
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "EdgeCertificate[" + host + "]";
    }

    /**
     * What a host's clients have to keep to in their handshake.
     *
     * @param clients whether they show certificates
     * @param authorities who vouches for those
     * @param revoked lists of those that are taken back; where there is one, each certificate of a chain has to be covered
     * @param versions as the JDK names them, for example {@code TLSv1.3}; empty for 1.2 and 1.3
     * @param ciphers that are offered beside those of TLS 1.3; empty for the usual ones
     * @param protocols offered within; empty for the listener's; {@link TlsSession#ACME} alone has the certificate shown
     *     to clients that offer nothing else, beside the host's own
     * @param attachment whatever it was made from, for {@link TlsSession#attachment}; nothing here looks at it
     */
    public record Policy(
            Clients clients,
            List<X509Certificate> authorities,
            List<X509CRL> revoked,
            List<String> versions,
            List<String> ciphers,
            List<String> protocols,
            Optional<Object> attachment) {

        /** For everybody. */
        public static final Policy OPEN =
                new Policy(Clients.ANYONE, List.of(), List.of(), List.of(), List.of(), List.of(), Optional.empty());

        public Policy {
            authorities = List.copyOf(authorities);
            revoked = List.copyOf(revoked);
            versions = List.copyOf(versions);
            ciphers = List.copyOf(ciphers);
            protocols = List.copyOf(protocols);
        }

        /** Who may come in. */
        public enum Clients {
            ANYONE,
            /** With a good certificate, or without one. */
            ASKED,
            /** With a good certificate. */
            REQUIRED,
            NOBODY
        }

        boolean asks() {
            return clients == Clients.ASKED || clients == Clients.REQUIRED;
        }
    }
}
