package dev.weft.apiserver.admission;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts a webhook's server: its certificate has to come from the bundle of its configuration (from the system's
 * authorities when there is none) and to be for the name that is meant, which for a Service is not the address called.
 */
final class Trust extends X509ExtendedTrustManager {

    private final X509TrustManager chain;
    private final String name;

    private Trust(X509TrustManager chain, String name) {
        this.chain = chain;
        this.name = name;
    }

    /** @param bundle PEM; empty for the system's authorities */
    static SSLContext context(byte[] bundle, String name) throws GeneralSecurityException, IOException {
        KeyStore store = null;
        if (bundle.length > 0) {
            store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int index = 0;
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bundle));
            if (certificates.isEmpty()) {
                throw new CertificateException("caBundle has no certificate");
            }
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca" + index++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        X509TrustManager chain = Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trust(chain, name)}, null);
        return context;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String type) throws CertificateException {
        chain.checkServerTrusted(certificates, type);
        Collection<List<?>> names = certificates[0].getSubjectAlternativeNames();
        boolean meant = names != null && names.stream().anyMatch(it -> covers(String.valueOf(it.get(1))));
        if (!meant) {
            throw new CertificateException("the certificate is not for " + name);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String type, Socket socket)
            throws CertificateException {
        checkServerTrusted(certificates, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(certificates, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String type) throws CertificateException {
        throw new CertificateException("no clients come here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String type, Socket socket)
            throws CertificateException {
        checkClientTrusted(certificates, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(certificates, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chain.getAcceptedIssuers();
    }

    private boolean covers(String pattern) {
        boolean wild = pattern.startsWith("*.")
                && name.contains(".")
                && name.substring(name.indexOf('.')).equalsIgnoreCase(pattern.substring(1));
        return wild || pattern.equalsIgnoreCase(name);
    }
}
