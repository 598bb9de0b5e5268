package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.WeightedBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections from outside that are passed on as bytes: by port, and by the server name of a TLS handshake. */
class EdgeStreamTest {

    private static final char[] NO_PASSWORD = {};

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private static EdgeStream stream(String serverName, boolean endsTls, String service) {
        Rule rule = new Rule(
                "all",
                Scene.SOURCE,
                List.of(),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(Scene.service(service)), 1)),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.NONE);
        Frontend frontend = new Frontend("tcp-" + serverName, Scene.SOURCE, List.of(), List.of(rule));
        return new EdgeStream(serverName, endsTls, frontend, Duration.ofMinutes(1));
    }

    private void edge(boolean requests, List<ServerCertificate> certificates, EdgeStream... streams) {
        stage.scene.edge(new EdgeListener(
                "edge",
                Scene.SOURCE,
                "127.0.0.1",
                port,
                !certificates.isEmpty(),
                certificates,
                List.of(streams),
                requests));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private static void greet(Client peer, String name) throws IOException {
        peer.send(name + ":" + peer.read(2)).end();
        assertThat(peer.closed()).isTrue();
    }

    /** A server of TLS with a certificate for this name, which answers with the name. */
    private Upstream secure(String name) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(stage.authority.forHost(name)), null, null);
        return stage.upstream((peer, _) -> {
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(peer.socket(), null, 0, true);
            secured.setUseClientMode(false);
            greet(new Client(secured), name);
        });
    }

    private static javax.net.ssl.KeyManager[] keys(ServerCertificate certificate) throws GeneralSecurityException {
        try {
            List<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(certificate.chainPem().getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .toList();
            byte[] key =
                    Base64.getMimeDecoder().decode(certificate.privateKeyPem().replaceAll("-----[A-Z ]+-----", ""));
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, NO_PASSWORD);
            store.setKeyEntry(
                    "key",
                    KeyFactory.getInstance(chain.getFirst().getPublicKey().getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(key)),
                    NO_PASSWORD,
                    chain.toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private SSLSocket connect(String serverName) throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, NO_PASSWORD);
        anchors.setCertificateEntry("root", stage.authority.anchors().getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocketFactory factory = context.getSocketFactory();
        SSLSocket socket = (SSLSocket) factory.createSocket("127.0.0.1", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName.isEmpty() ? List.of() : List.of(new SNIHostName(serverName)));
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(Client.PATIENCE_MILLIS);
        socket.startHandshake();
        return socket;
    }

    private static String shown(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void passesConnectionsOnByThePortAlone() throws IOException {
        Upstream server = stage.upstream((peer, _) -> greet(peer, "db"));
        stage.scene.group("db", Scene.plain(server.port()));
        edge(false, List.of(), stream("", false, "db"));
        Client client = stage.client(port).send("hi").end();
        assertThat(client.readAll()).isEqualTo("db:hi");
        ConnectionOutcome outcome = stage.outcomes.nextConnection(Hop.EDGE);
        assertThat(outcome.verdict()).isEqualTo(new ProtocolVerdict(Protocol.OPAQUE, Reason.DECLARED));
        assertThat(outcome.ends().service()).contains(Scene.service("db"));
        assertThat(outcome.clientBytes()).isEqualTo(2);
        assertThat(outcome.error()).isEmpty();
    }

    @Test
    void passesTlsOnUntouchedByItsServerName() throws Exception {
        stage.scene
                .group("one", Scene.plain(secure("one.test").port()))
                .group("two", Scene.plain(secure("two.test").port()));
        edge(false, List.of(), stream("one.test", false, "one"), stream("two.test", false, "two"));
        for (String name : List.of("one.test", "two.test", "one.test")) {
            try (SSLSocket socket = connect(name)) {
                assertThat(shown(socket)).contains(name);
                assertThat(new Client(socket).send("hi").readAll()).isEqualTo(name + ":hi");
            }
        }
        ConnectionOutcome outcome = stage.outcomes.nextConnection(Hop.EDGE);
        assertThat(outcome.serverName()).isEqualTo("one.test");
        assertThat(outcome.verdict()).isEqualTo(new ProtocolVerdict(Protocol.TLS, Reason.CLIENT_HELLO));
    }

    @Test
    void aServerNameThatNoStreamTakesIsRefusedAndNamed() throws Exception {
        stage.scene.group("one", Scene.plain(secure("one.test").port()));
        edge(false, List.of(), stream("one.test", false, "one"));
        assertThatThrownBy(() -> connect("other.test")).isInstanceOf(IOException.class);
        ConnectionOutcome outcome = stage.outcomes.nextConnection(Hop.EDGE);
        assertThat(outcome.error()).contains(ErrorCode.SERVER_NAME_UNKNOWN);
        assertThat(outcome.detail()).contains("server name other.test");
        assertThatThrownBy(() -> connect("")).isInstanceOf(IOException.class);
        assertThat(stage.outcomes.nextConnection(Hop.EDGE).detail()).contains("no server name");
    }

    @Test
    void aClientWithoutServerNameGetsTheStreamThatTakesEveryConnection() throws Exception {
        stage.scene
                .group("one", Scene.plain(secure("one.test").port()))
                .group("rest", Scene.plain(secure("rest.test").port()));
        edge(false, List.of(), stream("one.test", false, "one"), stream("", false, "rest"));
        try (SSLSocket socket = connect("")) {
            assertThat(shown(socket)).contains("rest.test");
        }
        try (SSLSocket socket = connect("one.test")) {
            assertThat(shown(socket)).contains("one.test");
        }
    }

    @Test
    void endsTlsWhereItHasTheCertificateAndSharesThePortWithRequests() throws Exception {
        Upstream db = stage.upstream((peer, _) -> greet(peer, "db"));
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .group("db", Scene.plain(db.port()))
                .group("raw", Scene.plain(secure("raw.test").port()))
                .group("shop", Scene.plain(shop.port()))
                .host("shop.test", "shop");
        edge(
                true,
                List.of(stage.authority.forHost("db.test"), stage.authority.forHost("shop.test")),
                stream("db.test", true, "db"),
                stream("raw.test", false, "raw"));
        try (SSLSocket socket = connect("db.test")) {
            assertThat(shown(socket)).contains("db.test");
            assertThat(new Client(socket).send("hi").readAll()).isEqualTo("db:hi");
        }
        try (SSLSocket socket = connect("raw.test")) {
            assertThat(new Client(socket).send("hi").readAll()).isEqualTo("raw.test:hi");
        }
        try (SSLSocket socket = connect("shop.test")) {
            Client client = new Client(socket);
            assertThat(client.send("GET / HTTP/1.1|Host: shop.test||").read().body())
                    .isEqualTo("hello");
        }
    }

    @Test
    void aServerThatSpeaksFirstIsHeardThroughAPortWithServerNamesToo() throws Exception {
        Upstream smtp = stage.upstream((peer, _) -> {
            peer.send("220 ready|").end();
            assertThat(peer.closed()).isTrue();
        });
        stage.scene.group("one", Scene.plain(secure("one.test").port())).group("rest", Scene.plain(smtp.port()));
        edge(false, List.of(), stream("one.test", false, "one"), stream("", false, "rest"));
        assertThat(stage.client(port).read(11)).isEqualTo("220 ready\r\n");
    }
}
