package dev.weft.http.transport;

import dev.weft.http.transport.Credentials.TrustedPeers;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts chains that end in one of these anchors (RFC 5280 section 6). Of the mesh's leaves those are refused that
 * {@link TrustedPeers} names. A client of the edge shows a certificate that is meant for clients; where there are lists of those that are taken back,
 * each of the chain has to be covered by one that has not ended. A peer's own certificate may be an anchor (it is pinned):
 * its time and the lists count for it too. Nothing is fetched from anywhere.
 */
final class ChainTrust extends X509ExtendedTrustManager {

    /** RFC 5280 section 4.2.1.12. */
    private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";

    private static final String FOR_ANYTHING = "2.5.29.37.0";

    private final List<X509Certificate> anchors;
    private final Set<TrustAnchor> trusted;
    private final List<X509CRL> revoked;
    private final boolean edge;
    private final TrustedPeers peers;

    private ChainTrust(TrustedPeers peers, List<X509CRL> revoked, boolean edge) {
        this.peers = peers;
        this.anchors = peers.anchors();
        this.revoked = revoked;
        this.edge = edge;
        this.trusted = this.anchors.stream()
                .map(anchor -> new TrustAnchor(anchor, null))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Of the mesh. */
    static ChainTrust mesh(TrustedPeers peers) {
        return new ChainTrust(peers, List.of(), false);
    }

    /** Of the edge's clients. */
    static ChainTrust edge(EdgeCertificate.Policy policy) {
        return new ChainTrust(TrustedPeers.of(policy.authorities()), policy.revoked(), true);
    }

    private static void checkPurpose(X509Certificate leaf) throws CertificateException {
        List<String> purposes = leaf.getExtendedKeyUsage();
        if (purposes != null && !purposes.contains(FOR_CLIENTS) && !purposes.contains(FOR_ANYTHING)) {
            throw new CertificateException("the peer's certificate is not meant for clients");
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("the peer showed no certificate");
        }
        if (edge) {
            checkPurpose(chain[0]);
        }
        try {
            if (anchors.contains(chain[0])) {
                checkPinned(chain[0]);
            } else {
                checkPath(chain);
            }
        } catch (GeneralSecurityException e) {
            String why = e.getCause() == null
                    ? e.getMessage()
                    : e.getMessage() + ", " + e.getCause().getMessage();
            throw new CertificateException("the peer's certificate leads to no trust anchor: " + why, e);
        }
        if (peers.isRevoked(chain[0])) { // an owner hears as much, by TLS's own word for it
            throw new OpenSslCertificateException(
                    "the peer's certificate was revoked: " + TlsSession.uri(chain[0]) + ", serial number "
                            + chain[0].getSerialNumber().toString(16),
                    CertificateVerifier.X509_V_ERR_CERT_REVOKED);
        }
    }

    /** Up to the first anchor, as PKIX takes a path without its end; whatever the peer sends after it says nothing. */
    private void checkPath(X509Certificate[] chain) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(trusted);
        parameters.setRevocationEnabled(!revoked.isEmpty());
        if (!revoked.isEmpty()) {
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
        }
        List<X509Certificate> path = Arrays.stream(chain)
                .takeWhile(certificate -> !anchors.contains(certificate))
                .toList();
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    }

    /** PKIX would take the empty path for good, whatever the time and the lists say. */
    private void checkPinned(X509Certificate leaf) throws CertificateException {
        leaf.checkValidity();
        if (revoked.isEmpty()) {
            return;
        }
        Instant now = Instant.now();
        List<X509CRL> lists = revoked.stream()
                .filter(list -> list.getIssuerX500Principal().equals(leaf.getIssuerX500Principal()))
                .filter(list -> list.getNextUpdate() == null
                        || list.getNextUpdate().toInstant().isAfter(now))
                .toList();
        if (lists.isEmpty() || lists.stream().anyMatch(list -> list.isRevoked(leaf))) {
            throw new CertificateException(
                    lists.isEmpty() ? "no list covers it that has not ended" : "it has been taken back");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return anchors.toArray(X509Certificate[]::new);
    }
}
