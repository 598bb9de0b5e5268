package dev.weft.http.transport;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What a handshake showed.
 *
 * @param version for example {@code TLSv1.3}
 * @param cipher for example {@code TLS_AES_128_GCM_SHA256}
 * @param peer the certificate that the peer presented and proved to own
 * @param peerUri the one URI name in it (a SPIFFE ID); empty when there is none, or more than one
 */
public record TlsSession(String version, String cipher, Optional<X509Certificate> peer, String peerUri) {

    private static final int URI_NAME = 6;

    static TlsSession of(SSLSession session) {
        Optional<X509Certificate> peer = peer(session);
        return new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                peer,
                peer.map(TlsSession::uri).orElse(""));
    }

    private static Optional<X509Certificate> peer(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? Optional.of(leaf) : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty(); // a client without a certificate
        }
    }

    private static String uri(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            List<String> uris = names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
            return uris.size() == 1 ? uris.getFirst() : "";
        } catch (CertificateParsingException _) {
            return "";
        }
    }
}
