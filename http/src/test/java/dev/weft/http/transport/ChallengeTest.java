package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.OwnCertificate;
import dev.weft.http.transport.Credentials.TrustedPeers;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;

/** A certificate authority's question (RFC 8737) gets its own answer, and nobody else does. */
final class ChallengeTest {

    private static final EdgeCertificate.Policy ASKED = new EdgeCertificate.Policy(
            EdgeCertificate.Policy.Clients.ANYONE,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of("acme-tls/1"),
            Optional.empty());

    @Test
    void onlyWhoOffersNothingElseForTheNameGetsIt() throws Exception {
        KeyStore keys = OwnCertificate.keys();
        X509Certificate own = (X509Certificate) keys.getCertificate("own");
        String chain = pem("CERTIFICATE", own.getEncoded());
        String key = pem(
                "PRIVATE KEY",
                keys.getKey("own", OwnCertificate.PASSWORD.toCharArray()).getEncoded());
        EdgeCertificate hosts = new EdgeCertificate("shop.test", chain, key);
        EdgeCertificate other = new EdgeCertificate("other.test", chain, key);
        EdgeCertificate challenge = new EdgeCertificate("shop.test", chain, key, ASKED);
        EdgeCertificate first = new EdgeCertificate("new.test", chain, key, ASKED); // has no other certificate yet
        EdgeCertificate broken = new EdgeCertificate("other.test", "", "", ASKED);
        ServerTls tls = ServerTls.edge(List.of());
        try (Transport transport = new Transport(1);
                Listener listener = transport.listen("127.0.0.1", 0, Optional.of(tls), _ -> new Closing())) {
            assertThat(tls.replace(List.of(challenge, first, broken, hosts, other)))
                    .containsOnlyKeys("other.test");
            Client client = new Client(own, listener.port());
            assertThat(client.agreed("shop.test", "acme-tls/1")).isEqualTo("acme-tls/1");
            assertThat(client.agreed("SHOP.test", "acme-tls/1")).isEqualTo("acme-tls/1");
            assertThat(client.agreed("new.test", "acme-tls/1")).isEqualTo("acme-tls/1");
            assertThat(client.agreed("shop.test", "acme-tls/1", "http/1.1")).isEqualTo("http/1.1");
            assertThat(client.agreed("shop.test", "http/1.1")).isEqualTo("http/1.1");
            assertThat(client.agreed("shop.test")).isEmpty();
            assertThat(client.agreed("other.test", "acme-tls/1")).isEmpty();
            assertThat(client.agreed("new.test", "http/1.1")).isEqualTo("refused");

            tls.replace(List.of(hosts));
            assertThat(client.agreed("shop.test", "acme-tls/1")).isEmpty();
        }
        tls.retire();
    }

    private static String pem(String label, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    private record Client(X509Certificate trusted, int port) {

        /** The protocol; {@code refused} when there was no handshake. */
        String agreed(String name, String... offered) throws IOException, GeneralSecurityException {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {ChainTrust.mesh(TrustedPeers.of(List.of(trusted)))}, null);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                parameters.setApplicationProtocols(offered);
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return socket.getApplicationProtocol();
            } catch (SSLException _) {
                return "refused";
            }
        }
    }

    /** Has nothing to say. */
    private static final class Closing implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {
            connection.closeAfterWrites();
        }
    }
}
