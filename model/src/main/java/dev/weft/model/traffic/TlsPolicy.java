package dev.weft.model.traffic;

import java.util.List;

/**
 * What clients have to keep to in their handshake with a host of the edge. A connection that was made under one policy
 * carries no requests for hosts of another.
 *
 * @param clients whether they show certificates
 * @param authoritiesPem who vouches for those, PEM; not empty where they are asked for
 * @param revokedPem lists of certificates that are taken back (RFC 5280 section 5), PEM; empty for none. Where there is one,
 *     every certificate of a client's chain has to be covered by a list that has not ended
 * @param least the oldest version that is spoken
 * @param most the newest
 * @param ciphers for TLS 1.2, in OpenSSL's or the standard's words; empty for those with forward secrecy and authenticated
 *     encryption
 * @param protocols offered within, best first, of {@code h2} and {@code http/1.1}; empty for both; {@link #ACME} alone for a
 *     challenge
 */
public record TlsPolicy(
        Clients clients,
        String authoritiesPem,
        String revokedPem,
        Version least,
        Version most,
        List<String> ciphers,
        List<String> protocols) {

    /** What a certificate authority offers that looks whether a name leads here (RFC 8737). */
    public static final String ACME = "acme-tls/1";

    /** For a certificate authority that looks whether a name leads here, and nobody else. */
    public static final TlsPolicy CHALLENGE =
            new TlsPolicy(Clients.ANYONE, "", "", Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of(ACME));

    /** For everybody. */
    public static final TlsPolicy OPEN =
            new TlsPolicy(Clients.ANYONE, "", "", Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of());

    /** For nobody: who may come in cannot be told, as what is declared of that is wrong. */
    public static final TlsPolicy CLOSED =
            new TlsPolicy(Clients.NOBODY, "", "", Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of());

    public TlsPolicy {
        ciphers = List.copyOf(ciphers);
        protocols = List.copyOf(protocols);
        boolean asked = clients == Clients.ASKED || clients == Clients.REQUIRED;
        if (asked && authoritiesPem.isEmpty()) {
            throw new IllegalArgumentException("authoritiesPem: none (expected: some, as certificates are asked for)");
        }
        if (most.compareTo(least) < 0) {
            throw new IllegalArgumentException("most: " + most + " (expected: " + least + " or newer)");
        }
    }

    /** Who may come in. */
    public enum Clients {
        /** Nobody is asked for a certificate. */
        ANYONE,
        /** Whoever shows a certificate, it has to be a good one. */
        ASKED,
        /** With a good certificate. */
        REQUIRED,
        NOBODY
    }

    /** Older ones are not spoken. */
    public enum Version {
        TLS_1_2,
        TLS_1_3
    }
}
