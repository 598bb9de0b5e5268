package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.problem.Problem;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.ServerCertificate;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS at the edge: the certificate follows the server name, and can change at any time. */
class EdgeTlsTest {

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @BeforeEach
    void openEdge() throws IOException {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .edge(port, stage.authority.forHost("shop.test"), stage.authority.forHost("*.wild.test"))
                .host("shop.test", "shop")
                .host("a.wild.test", "shop")
                .group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client connect(String host, String... protocols) throws IOException, GeneralSecurityException {
        return connect(host, List.of(), protocols);
    }

    private Client connect(String host, List<String> ciphers, String... protocols)
            throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        anchors.setCertificateEntry("root", stage.authority.anchors().getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(Client.PATIENCE_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        if (!ciphers.isEmpty()) {
            parameters.setCipherSuites(ciphers.toArray(String[]::new));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return stage.closing(new Client(socket));
    }

    @Test
    void endsAHandshakeThatStops() throws IOException, GeneralSecurityException {
        ClientLimits.Patience usual = ClientLimits.Patience.DEFAULT;
        stage.scene.rules(EdgeRules.DEFAULT.with(ClientLimits.DEFAULT.with(new ClientLimits.Patience(
                Duration.ofMillis(300), usual.head(), usual.bodyGap(), usual.bodyRateMin(), usual.idle()))));
        stage.show();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine("shop.test", port);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(hello.array(), 0, hello.position());
            socket.getInputStream().readAllBytes(); // its own part of the handshake, and then the end
        }
        assertThat(stage.outcomes.nextRefused().error()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
    }

    private static String get(String host) {
        return "GET / HTTP/1.1|Host: " + host + "||";
    }

    @Test
    void showsTheCertificateForTheServerName() throws Exception {
        assertThat(connect("shop.test").send(get("shop.test")).read().body()).isEqualTo("hello");
        assertThat(connect("a.wild.test", "TLSv1.2")
                        .send(get("a.wild.test"))
                        .read()
                        .body())
                .isEqualTo("hello");
        assertThat(stage.outcomes.all())
                .extracting(outcome -> outcome.client().tlsVersion())
                .contains("TLSv1.2");
    }

    /** Without forward secrecy or authenticated encryption there is no connection. */
    @ParameterizedTest
    @CsvSource({
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, false"
    })
    void speaksTheSafeCiphersOfTls12Alone(String cipher, boolean spoken) throws Exception {
        if (spoken) {
            assertThat(connect("shop.test", List.of(cipher), "TLSv1.2")
                            .send(get("shop.test"))
                            .read()
                            .body())
                    .isEqualTo("hello");
        } else {
            assertThatThrownBy(() -> connect("shop.test", List.of(cipher), "TLSv1.2"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesUnknownServerNames() {
        assertThatThrownBy(() -> connect("nobody.test")).isInstanceOf(IOException.class);
    }

    @Test
    void isNotOpenBeforeItHasACertificateThatCanBeUsed() throws Exception {
        int other = Ports.free();
        stage.scene.edge(other, new ServerCertificate("shop.test", "no chain", "no key"));
        stage.show();
        assertThat(stage.proxy.problems()).extracting(Problem::reason).containsExactly("CertificateInvalid");
        assertThatThrownBy(() -> stage.client(other)).isInstanceOf(ConnectException.class);

        stage.scene.edge(other, stage.authority.forHost("shop.test"));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
        stage.client(other);
    }

    @Test
    void oneHostsWrongCertificateCostsTheOthersNothing() throws Exception {
        ServerCertificate good = stage.authority.forHost("shop.test");
        ServerCertificate whole = stage.authority.forHost("cut.test");
        ServerCertificate cut = new ServerCertificate(
                "cut.test",
                whole.chainPem() + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                whole.privateKeyPem());
        stage.scene.edge(port, cut, stage.authority.forHost("new.test"), good);
        stage.show();
        assertThat(connect("new.test").send(get("shop.test")).read().body()).isEqualTo("hello");
        assertThat(connect("shop.test").send(get("shop.test")).read().body()).isEqualTo("hello");
        assertThatThrownBy(() -> connect("cut.test")).isInstanceOf(IOException.class);
        stage.show();
        assertThat(stage.proxy.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith("nobody is let in to cut.test: "));
    }

    /** Requests without a server name are judged by the first host's policy, so no other's handshake may stand in for it. */
    @Test
    void aClientWithoutAServerNameIsNeverGivenAnotherHostsHandshake() throws Exception {
        stage.scene.edge(
                port, new ServerCertificate("cut.test", "no chain", "no key"), stage.authority.forHost("shop.test"));
        stage.show();
        SSLContext context = Tls.context(Optional.empty());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(Client.PATIENCE_MILLIS);
            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
    }

    @Test
    void showsANewCertificateWithoutDroppingConnections() throws Exception {
        Client before = connect("shop.test");
        stage.scene.edge(port, stage.authority.forHost("other.test"));
        stage.show();
        assertThat(before.send(get("shop.test")).read().body()).isEqualTo("hello");
        assertThat(connect("other.test").send(get("shop.test")).read().body()).isEqualTo("hello");
        assertThatThrownBy(() -> connect("shop.test")).isInstanceOf(IOException.class);
    }

    @Test
    void resumesSessionsUntilTheKeysOfTheirTicketsAreReplaced() throws Exception {
        SSLContext context = Tls.context(Optional.empty());
        assertThat(resumes(context)).isFalse();
        assertThat(resumes(context)).isTrue();
        stage.proxy.upkeep(Upkeep::rotateTickets);
        assertThat(resumes(context)).as("with a key of before").isFalse();
    }

    @Test
    void replacesTheKeysOfTicketsTwiceADay() throws Exception {
        SSLContext context = Tls.context(Optional.empty());
        assertThat(resumes(context)).isFalse();
        long now = System.nanoTime();
        stage.proxy.upkeep(
                upkeep -> upkeep.lookAtTickets(now + Duration.ofHours(11).toNanos()));
        assertThat(resumes(context)).isTrue();
        stage.proxy.upkeep(
                upkeep -> upkeep.lookAtTickets(now + Duration.ofHours(13).toNanos()));
        assertThat(resumes(context)).as("with a key of before").isFalse();
    }

    private boolean resumes(SSLContext context) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("shop.test")));
            parameters.setProtocols(new String[] {"TLSv1.2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(new Client(socket).send(get("shop.test")).read().status())
                    .isEqualTo(200);
            return Tls.resumed(socket);
        }
    }
}
