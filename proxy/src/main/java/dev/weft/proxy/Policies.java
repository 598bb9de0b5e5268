package dev.weft.proxy;

import dev.weft.http.transport.EdgeCertificate;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.TlsPolicy;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a snapshot asks of handshakes, in the transport's words. */
final class Policies {

    private Policies() {}

    /**
     * A listener's certificates.
     *
     * @param unreadable takes why, by host, where what is asked cannot be read; such a host has nothing to shake hands with
     */
    static List<EdgeCertificate> certificates(EdgeListener listener, Map<String, String> unreadable) {
        List<EdgeCertificate> certificates = new ArrayList<>();
        for (ServerCertificate each : listener.certificates()) {
            try {
                certificates.add(
                        new EdgeCertificate(each.host(), each.chainPem(), each.privateKeyPem(), of(each.policy())));
            } catch (IllegalArgumentException e) {
                unreadable.put(each.host(), String.valueOf(e.getMessage()));
                certificates.add(new EdgeCertificate(each.host(), "", "", of(each.policy(), List.of(), List.of())));
            }
        }
        return certificates;
    }

    private static EdgeCertificate.Policy of(TlsPolicy policy) {
        if (policy.equals(TlsPolicy.OPEN)) {
            return EdgeCertificate.Policy.OPEN;
        }
        return of(policy, authorities(policy.authoritiesPem()), revoked(policy.revokedPem()));
    }

    private static EdgeCertificate.Policy of(
            TlsPolicy policy, List<X509Certificate> authorities, List<X509CRL> revoked) {
        return new EdgeCertificate.Policy(
                switch (policy.clients()) {
                    case ANYONE -> EdgeCertificate.Policy.Clients.ANYONE;
                    case ASKED -> EdgeCertificate.Policy.Clients.ASKED;
                    case REQUIRED -> EdgeCertificate.Policy.Clients.REQUIRED;
                    case NOBODY -> EdgeCertificate.Policy.Clients.NOBODY;
                },
                authorities,
                revoked,
                versions(policy),
                policy.ciphers(),
                policy.protocols(),
                Optional.of(policy));
    }

    private static List<String> versions(TlsPolicy policy) {
        if (policy.least() == TlsPolicy.Version.TLS_1_3) {
            return List.of("TLSv1.3");
        }
        return policy.most() == TlsPolicy.Version.TLS_1_2 ? List.of("TLSv1.2") : List.of();
    }

    private static List<X509Certificate> authorities(String pem) {
        try {
            return CertificateFactory.getInstance("X.509").generateCertificates(stream(pem)).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("the authorities of clients cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<X509CRL> revoked(String pem) {
        try {
            return pem.isEmpty()
                    ? List.of()
                    : CertificateFactory.getInstance("X.509").generateCRLs(stream(pem)).stream()
                            .map(X509CRL.class::cast)
                            .toList();
        } catch (CertificateException | CRLException e) {
            throw new IllegalArgumentException("the list of revoked certificates cannot be read: " + e.getMessage(), e);
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }
}
