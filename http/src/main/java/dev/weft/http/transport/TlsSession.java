package dev.weft.http.transport;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a handshake showed.
 *
 * @param version for example {@code TLSv1.3}
 * @param cipher for example {@code TLS_AES_128_GCM_SHA256}
 * @param keyExchange the group that the key was agreed in, for example {@code X25519MLKEM768} (a hybrid that also withstands
 *     quantum computers) or {@code X25519}; empty where the TLS library does not say
 * @param protocol what both sides agreed to speak (ALPN, RFC 7301), for example {@link #HTTP_2}; empty when nothing
 * @param peer the certificate that the peer presented and proved to own
 * @param chain that certificate and those that the peer showed with it
 * @param peerUri the one URI name in it (a SPIFFE ID); empty when there is none, or more than one, and for clients of the
 *     edge, whose authorities say nothing of the mesh
 * @param serverName what a client of the edge asked for, lower case; empty when for nothing, and in the mesh
 * @param attachment of the {@link EdgeCertificate.Policy} that a client of the edge has kept to
 */
public record TlsSession(
        String version,
        String cipher,
        String keyExchange,
        String protocol,
        Optional<X509Certificate> peer,
        List<X509Certificate> chain,
        String peerUri,
        String serverName,
        Optional<Object> attachment) {

    public static final String HTTP_2 = "h2";
    public static final String HTTP_1_1 = "http/1.1";

    /** A certificate authority looks whether a name leads here (RFC 8737); nothing is said within. */
    public static final String ACME = "acme-tls/1";

    private static final Logger LOG = LoggerFactory.getLogger(TlsSession.class);
    private static final int URI_NAME = 6;

    /** @param chosen where this is a client of the edge */
    static TlsSession of(SSLEngine engine, @Nullable String protocol, Optional<ServerTls.Chosen> chosen) {
        SSLSession session = engine.getSession();
        List<X509Certificate> chain = chain(session);
        Optional<X509Certificate> peer = chain.stream().findFirst();
        return new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                keyExchange(engine),
                protocol == null ? "" : protocol,
                peer,
                chain,
                chosen.isPresent() ? "" : peer.map(TlsSession::uri).orElse(""),
                chosen.map(ServerTls.Chosen::serverName).orElse(""),
                chosen.flatMap(each -> each.policy().attachment()));
    }

    private static String keyExchange(SSLEngine engine) {
        if (!(engine instanceof ReferenceCountedOpenSslEngine openSsl)) {
            return "";
        }
        try {
            String group = SSL.getGroupName(openSsl.sslPointer());
            return group == null ? "" : group;
        } catch (Exception e) { // as the library declares it
            LOG.debug("the key exchange is not known", e);
            return "";
        }
    }

    private static List<X509Certificate> chain(SSLSession session) {
        try {
            return Stream.of(session.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException _) {
            return List.of(); // a client without a certificate
        }
    }

    static String uri(X509Certificate certificate) {
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
