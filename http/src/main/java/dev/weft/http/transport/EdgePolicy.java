package dev.weft.http.transport;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a host's clients have to keep to in their handshake.
 *
 * @param clients whether they show certificates
 * @param authorities who vouches for those
 * @param revoked lists of those that are taken back; where there is one, each certificate of a chain has to be covered
 * @param versions as the JDK names them, for example {@code TLSv1.3}; empty for 1.2 and 1.3
 * @param ciphers that are offered beside those of TLS 1.3; empty for the usual ones
 * @param protocols offered within; empty for the listener's
 */
public record EdgePolicy(
        Clients clients,
        List<X509Certificate> authorities,
        List<X509CRL> revoked,
        List<String> versions,
        List<String> ciphers,
        List<String> protocols) {

    /** For everybody. */
    public static final EdgePolicy OPEN =
            new EdgePolicy(Clients.ANYONE, List.of(), List.of(), List.of(), List.of(), List.of());

    public EdgePolicy {
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
