package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.OwnCertificate;
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
import org.junit.jupiter.params.provider.EnumSource;

/** Between proxies every connection proves anew who it is, whatever library speaks the TLS. */
class ResumptionTest {

    private static final int CONNECTIONS = 5;

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void aClientOfTheMeshIsAskedForItsCertificateAtEveryConnection(SslProvider provider) throws Exception {
        KeyStore keys = OwnCertificate.keys();
        X509Certificate own = (X509Certificate) keys.getCertificate("own");
        PrivateKey key = (PrivateKey) keys.getKey("own", OwnCertificate.PASSWORD.toCharArray());
        Credentials credentials = new Credentials(List.of(own), key, List.of(own));
        ServerTls tls = ServerTls.mesh(credentials, List.of(), provider);
        Proving proving = new Proving(own, key);
        SSLContext client = SSLContext.getInstance("TLSv1.3");
        client.init(new KeyManager[] {proving}, new TrustManager[] {ChainTrust.mesh(List.of(own))}, null);
        try (Transport transport = new Transport(1);
                Listener listener = transport.listen("127.0.0.1", 0, Optional.of(tls), _ -> new Greeting())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                try (Socket socket = client.getSocketFactory().createSocket("127.0.0.1", listener.port())) {
                    assertThat(socket.getInputStream().read()).isEqualTo('!'); // by then a ticket would have come
                    assertThat(((SSLSocket) socket).getSession().getProtocol()).isEqualTo("TLSv1.3");
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
