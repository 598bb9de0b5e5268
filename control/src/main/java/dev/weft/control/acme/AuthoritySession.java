package dev.weft.control.acme;

import dev.weft.control.identity.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** What is said to one authority, by a client of its own that trusts what was declared, or else what the system does. */
final class AuthoritySession implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client;
    private final Session session;

    /**
     * A session in which nothing was said yet.
     *
     * @param rootsPem what the authority's server is trusted by, and nothing else; empty for what the system trusts
     * @throws OrderFailedException when the roots cannot be read
     */
    AuthoritySession(URI authority, Optional<String> rootsPem) throws OrderFailedException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NORMAL);
        if (rootsPem.isPresent()) {
            builder.sslContext(trusting(rootsPem.get()));
        }
        this.client = builder.build();
        this.session = new Session(authority, new Provider(client));
        session.networkSettings().setTimeout(PATIENCE);
    }

    Session session() {
        return session;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static SSLContext trusting(String pem) throws OrderFailedException {
        try {
            KeyStore roots = KeyStore.getInstance("JKS");
            roots.load(null, null);
            for (X509Certificate root : Keys.certificates(pem)) {
                roots.setCertificateEntry("root-" + roots.size(), root);
            }
            if (roots.size() == 0) {
                throw new OrderFailedException("the Secret with the authority's root holds no certificate");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(roots);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new OrderFailedException("the authority's root cannot be read: " + e.getMessage());
        }
    }

    /** Every authority is asked in the same way, by the URL of its directory. */
    private static final class Provider extends GenericAcmeProvider {

        private final HttpClient client;

        Provider(HttpClient client) {
            this.client = client;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return client;
        }
    }
}
