package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.OwnCertificate;
import dev.weft.http.transport.Credentials.TrustedPeers;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where peers prove who they are, every connection does so anew, whatever library speaks the TLS. */
class ResumptionTest {

    private static final int CONNECTIONS = 5;

    private final X509Certificate own;
    private final PrivateKey key;

    ResumptionTest() throws Exception {
        KeyStore keys = OwnCertificate.keys();
        own = (X509Certificate) keys.getCertificate("own");
        key = (PrivateKey) keys.getKey("own", OwnCertificate.PASSWORD.toCharArray());
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void aClientOfTheMeshIsAskedForItsCertificateAtEveryConnection(SslProvider provider) throws Exception {
        Credentials credentials = new Credentials(List.of(own), key, List.of(own));
        isAskedAtEveryConnection(ServerTls.mesh(credentials, List.of(), provider), "TLSv1.3");
    }

    @ParameterizedTest
    @CsvSource({"JDK,TLSv1.2", "JDK,TLSv1.3", "OPENSSL_REFCNT,TLSv1.2", "OPENSSL_REFCNT,TLSv1.3"})
    void aClientOfTheEdgeIsAskedForItsCertificateAtEveryConnection(SslProvider provider, String version)
            throws Exception {
        EdgeCertificate.Policy policy = new EdgeCertificate.Policy(
                EdgeCertificate.Policy.Clients.REQUIRED,
                List.of(own),
                List.of(),
                List.of(version),
                List.of(),
                List.of(),
                Optional.empty());
        EdgeCertificate certificate = new EdgeCertificate(
                "*",
                OwnCertificate.pem("CERTIFICATE", own.getEncoded()),
                OwnCertificate.pem("PRIVATE KEY", key.getEncoded()),
                policy);
        isAskedAtEveryConnection(ServerTls.edge(List.of(certificate), List.of(), provider), version);
    }

    private void isAskedAtEveryConnection(ServerTls tls, String version) throws Exception {
        Proving proving = new Proving(own, key);
        SSLContext client = SSLContext.getInstance(version);
        client.init(
                new KeyManager[] {proving}, new TrustManager[] {ChainTrust.mesh(TrustedPeers.of(List.of(own)))}, null);
        try (Transport transport = new Transport(1);
                Listener listener = transport.listen("127.0.0.1", 0, Optional.of(tls), _ -> new Greeting())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                try (Socket socket = client.getSocketFactory().createSocket("127.0.0.1", listener.port())) {
                    assertThat(socket.getInputStream().read()).isEqualTo('!'); // by then a ticket would have come
                    assertThat(((SSLSocket) socket).getSession().getProtocol()).isEqualTo(version);
                }
            }
        }
        assertThat(proving.asked).as("certificates asked for").hasValue(CONNECTIONS);
    }

    /** Shows its one certificate, and counts how often. */
    private static final class Proving extends X509ExtendedKeyManager {
        private final X509Certificate certificate;
        private final PrivateKey key;
        private final AtomicInteger asked = new AtomicInteger();

        Proving(X509Certificate certificate, PrivateKey key) {
            this.certificate = certificate;
            this.key = key;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            asked.incrementAndGet();
            return "own";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            throw new UnsupportedOperationException("a client");
        }
    }

    /** Says a byte and closes. */
    private static final class Greeting implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {
            connection.write(new byte[] {'!'}, 0, 1);
            connection.closeAfterWrites();
        }
    }
}
