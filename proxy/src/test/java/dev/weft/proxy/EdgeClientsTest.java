package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.h2.SessionOptions;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.model.traffic.TlsPolicy.Clients;
import dev.weft.model.traffic.TlsPolicy.Version;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the edge who show certificates: who is let in, and what services are told of them. */
class EdgeClientsTest {

    private static final WorkloadIdentity ANNE = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "anne");

    private final Stage stage = new Stage();
    private final Authority clients = new Authority("clients");
    private final WorkloadCertificate anne = clients.issue(
            ANNE,
            Duration.ofHours(1),
            new GeneralName(GeneralName.uniformResourceIdentifier, "urn:anne;DNS=forged"),
            new GeneralName(GeneralName.dNSName, "anne.test"));
    private final int port = Ports.free();
    private final int clear = Ports.free();
    private final int inbound = Ports.free();
    private Upstream program;

    @BeforeEach
    void open() throws IOException, GeneralSecurityException {
        program = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .edge(clear)
                .pod("quote", "127.1.3.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.3.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        for (String host : List.of("secure.test", "open.test", "asked.test", "closed.test")) {
            stage.scene.host(host, "quote");
        }
        show("");
    }

    private void show(String revoked) throws GeneralSecurityException {
        stage.scene.edge(
                port,
                certificate("secure.test", policy(Clients.REQUIRED, revoked)),
                certificate("asked.test", policy(Clients.ASKED, "")),
                ServerCertificate.closed("closed.test"),
                certificate("*", TlsPolicy.OPEN));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private TlsPolicy policy(Clients who, String revoked) throws GeneralSecurityException {
        return new TlsPolicy(who, clients.pem(), revoked, Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of());
    }

    private ServerCertificate certificate(String host, TlsPolicy policy) {
        ServerCertificate own = stage.authority.forHost(host);
        return new ServerCertificate(host, own.chainPem(), own.privateKeyPem(), policy);
    }

    private Client connect(String host, Optional<WorkloadCertificate> shown, String version) throws IOException {
        SSLSocket socket = socket(host, Tls.context(shown), version);
        socket.startHandshake();
        return stage.closing(new Client(socket));
    }

    private SSLSocket socket(String host, SSLContext context, String version) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(Client.PATIENCE_MILLIS);
        return socket;
    }

    private Client connect(String host, Optional<WorkloadCertificate> shown) throws IOException {
        return connect(host, shown, "TLSv1.3");
    }

    private static String get(String host) {
        return "GET / HTTP/1.1|Host: " + host + "|X-Forwarded-Client-Cert: Hash=forged||";
    }

    /** By the handshake, whose end a client of TLS 1.3 hears of when it has already gone on. */
    private void isRefused(String host, Optional<WorkloadCertificate> shown) {
        int before = program.heads().size();
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            assertThatThrownBy(
                            () -> connect(host, shown, version).send(get(host)).read())
                    .as(version)
                    .satisfiesAnyOf(
                            e -> assertThat(e).isInstanceOf(SSLException.class),
                            e -> assertThat(e)
                                    .isInstanceOf(SocketException.class)
                                    .isNotInstanceOf(ConnectException.class),
                            e -> assertThat(e).hasMessage("closed after "));
            assertThat(stage.outcomes.nextRefused().error()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
        }
        assertThat(program.heads()).hasSize(before);
    }

    @Test
    void letsInWhoShowsACertificateAndSaysWhichItWas() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            Client.Answer answer = connect("secure.test", Optional.of(anne), version)
                    .send(get("secure.test"))
                    .read();
            assertThat(answer.status()).isEqualTo(200);
            String head = program.heads().getLast();
            assertThat(head.toLowerCase(Locale.ROOT))
                    .containsOnlyOnce("x-forwarded-client-cert")
                    .doesNotContain("hash=forged");
            assertThat(head)
                    .contains("x-forwarded-client-cert: Hash=")
                    .contains(";Subject=\"CN=anne\";URI=\"urn:anne;DNS=forged\";DNS=\"anne.test\"")
                    .contains("l5d-client-id: " + WorkloadIdentity.EDGE.uri());
        }
        assertThat(stage.outcomes.all())
                .allSatisfy(outcome -> assertThat(outcome.client().identity()).isNotEqualTo(Optional.of(ANNE)));
    }

    @Test
    void aCertificateOfOthersNamesNobodyOfTheMesh() throws Exception {
        WorkloadCertificate posing = clients.issue(ANNE); // the mesh's form, from an authority that is not the mesh's
        assertThat(connect("secure.test", Optional.of(posing))
                        .send(get("secure.test"))
                        .read()
                        .status())
                .isEqualTo(200);
        assertThat(program.heads().getLast()).contains("l5d-client-id: " + WorkloadIdentity.EDGE.uri());
        assertThat(stage.outcomes.all())
                .noneSatisfy(outcome -> assertThat(outcome.client().identity()).contains(ANNE));
    }

    @Test
    void refusesWhoShowsNoneOrAWrongOne() {
        isRefused("secure.test", Optional.empty());
        isRefused("secure.test", Optional.of(new Authority("others").issue(ANNE)));
        isRefused("secure.test", Optional.of(clients.issue(ANNE, Duration.ofSeconds(-30))));
        isRefused("asked.test", Optional.of(new Authority("others").issue(ANNE)));
    }

    @Test
    void refusesARevokedOneAndNoOther() throws Exception {
        WorkloadCertificate other = clients.issue(ANNE);
        show(clients.revoking(anne.chain().getFirst()));
        isRefused("secure.test", Optional.of(anne));
        assertThat(connect("secure.test", Optional.of(other))
                        .send(get("secure.test"))
                        .read()
                        .status())
                .isEqualTo(200);
        show(new Authority("strangers").revoking()); // covers nobody
        isRefused("secure.test", Optional.of(other));
    }

    @Test
    void asksWithoutInsisting() throws Exception {
        assertThat(connect("asked.test", Optional.empty())
                        .send(get("asked.test"))
                        .read()
                        .status())
                .isEqualTo(200);
        assertThat(program.heads().getLast()).doesNotContainIgnoringCase("x-forwarded-client-cert");
        connect("asked.test", Optional.of(anne)).send(get("asked.test")).read();
        assertThat(program.heads().getLast()).contains("Subject=\"CN=anne\"");
    }

    @Test
    void aHostWhoseAskingIsWrongLetsNobodyIn() throws Exception {
        isRefused("closed.test", Optional.empty());
        isRefused("closed.test", Optional.of(anne));
        assertThat(connect("open.test", Optional.empty())
                        .send(get("closed.test"))
                        .read()
                        .status())
                .isEqualTo(421);
    }

    @Test
    void aConnectionToOneHostCarriesNoRequestsForAnotherThatAsksForMore() throws Exception {
        Client open = connect("open.test", Optional.empty());
        for (String host : List.of("secure.test", "SECURE.test:443", "secure.test.", "asked.test")) {
            Client.Answer answer = open.send(get(host)).read();
            assertThat(answer.status()).as(host).isEqualTo(421);
            assertThat(answer.head()).contains("weft-error: " + ErrorCode.MISDIRECTED.code());
        }
        assertThat(program.heads()).isEmpty();
        assertThat(open.send(get("open.test")).read().status()).isEqualTo(200);
        Client secure = connect("secure.test", Optional.of(anne));
        assertThat(secure.send(get("open.test")).read().status()).isEqualTo(421);
        assertThat(secure.send(get("secure.test")).read().status()).isEqualTo(200);
    }

    @Test
    void aConnectionThatShowedNothingIsNotEnoughOnceTheHostAsks() throws Exception {
        stage.scene.edge(port, certificate("secure.test", TlsPolicy.OPEN));
        stage.show();
        Client before = connect("secure.test", Optional.empty());
        assertThat(before.send(get("secure.test")).read().status()).isEqualTo(200);
        before.send("GET / HTTP/1.1|Host: secure.test|"); // so that it is not let go before
        show("");
        assertThat(before.send("|").read().status()).isEqualTo(421);
    }

    @Test
    void aConnectionOfBeforeAListChangedIsNotEnoughAndLetGo() throws Exception {
        Client asking = connect("secure.test", Optional.of(anne));
        Client silent = connect("secure.test", Optional.of(anne));
        Client other = connect("asked.test", Optional.of(anne));
        asking.send("GET / HTTP/1.1|Host: secure.test|");
        show(clients.revoking());
        assertThat(asking.send("|").read().status()).isEqualTo(421);
        assertThat(silent.readAll()).isEmpty();
        assertThat(other.send(get("asked.test")).read().status()).isEqualTo(200);
        assertThat(connect("secure.test", Optional.of(anne))
                        .send(get("secure.test"))
                        .read()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void noWordOfAProxyInFrontStandsForTheHandshakeOfAHostThatInsists() throws Exception {
        stage.scene.edge(new EdgeListener(
                "http-" + clear, Scene.SOURCE, "127.0.0.1", clear, false, List.of(), List.of(), true, 1));
        stage.show();
        Client client = stage.client(clear);
        for (String host : List.of("secure.test", "closed.test", "SECURE.test:80", "open.test", "asked.test")) {
            client.send("GET / HTTP/1.1|Host: " + host + "|X-Forwarded-Proto: https||")
                    .read();
        }
        assertThat(program.heads())
                .extracting(head -> head.contains("|x-forwarded-proto: https|"))
                .containsExactly(false, false, false, true, true);
    }

    @Test
    void aConnectionEndsWithTheCertificateThatItWasMadeBy() throws Exception {
        Client client = connect("secure.test", Optional.of(anne));
        long end = anne.chain().getFirst().getNotAfter().toInstant().toEpochMilli();
        stage.proxy.upkeep(upkeep -> upkeep.expire(end - 1_000));
        assertThat(client.send(get("secure.test")).read().status()).isEqualTo(200);
        stage.proxy.upkeep(upkeep -> upkeep.expire(end + 1_000));
        assertThat(client.readAll()).isEmpty(); // until the edge closes it
    }

    @Test
    void aStreamToOneHostCarriesNoRequestsForAnotherThatAsksForMore() throws Exception {
        SSLSocket socket = socket("open.test", Tls.context(Optional.empty()), "TLSv1.3");
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        StreamClient client = stage.closing(new StreamClient(socket, SessionOptions.DEFAULT.scheme("https")));
        for (String host : List.of("secure.test", "asked.test", "closed.test")) {
            StreamClient.Answer answer = client.read(client.get(host, "/"));
            assertThat(answer.status()).as(host).isEqualTo(421);
            assertThat(answer.head).contains("weft-error: " + ErrorCode.MISDIRECTED.code());
        }
        assertThat(program.heads()).isEmpty();
        assertThat(client.read(client.get("open.test", "/")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void everyConnectionToAHostThatAsksProvesAnew(String version) throws Exception {
        for (String host : List.of("secure.test", "asked.test")) {
            SSLContext context = Tls.context(Optional.of(anne));
            assertThat(resumes(host, context, version)).isFalse();
            assertThat(resumes(host, context, version)).as(host).isFalse();
        }
        SSLContext context = Tls.context(Optional.of(anne));
        assertThat(resumes("open.test", context, version)).isFalse();
        assertThat(resumes("open.test", context, version)).as("open.test").isTrue();
    }

    private boolean resumes(String host, SSLContext context, String version) throws IOException {
        try (SSLSocket socket = socket(host, context, version)) {
            assertThat(new Client(socket).send(get(host)).read().status()).isEqualTo(200);
            return Tls.resumed(socket);
        }
    }

    @Test
    void aCertificateIsShownBesideWhatProxiesInFrontSay() throws Exception {
        stage.scene.edge(new EdgeListener(
                "https-" + port,
                Scene.SOURCE,
                "127.0.0.1",
                port,
                true,
                List.of(certificate("secure.test", policy(Clients.REQUIRED, ""))),
                List.of(),
                true,
                1));
        stage.show();
        connect("secure.test", Optional.of(anne))
                .send("GET / HTTP/1.1|Host: secure.test|X-Forwarded-For: 192.0.2.1"
                        + "|X-Forwarded-Client-Cert: Hash=forged||")
                .read();
        assertThat(program.heads().getLast())
                .contains("x-forwarded-for: 192.0.2.1, 127.0.0.1|")
                .contains("|x-forwarded-client-cert: Hash=")
                .contains(";Subject=\"CN=anne\";")
                .doesNotContain("Hash=forged");
    }

    /** Of all workloads the edge alone is believed. */
    @Test
    void aWorkloadThatShowsSomebodysCertificateIsNotHeard() throws Exception {
        WorkloadCertificate workload = stage.authority.issue(ANNE);
        SSLSocket socket = Tls.connect(Tls.context(Optional.of(workload)), "127.1.3.2", inbound, "");
        Client client = stage.closing(new Client(socket));
        assertThat(client.send(get("quote")).read().status()).isEqualTo(200);
        assertThat(program.heads().getLast())
                .contains("l5d-client-id: " + ANNE.uri())
                .doesNotContainIgnoringCase("x-forwarded-client-cert");
    }

    @Test
    void speaksTheVersionsThatTheHostAllows() throws Exception {
        TlsPolicy newest =
                new TlsPolicy(Clients.ANYONE, "", "", Version.TLS_1_3, Version.TLS_1_3, List.of(), List.of());
        stage.scene.edge(port, certificate("open.test", newest));
        stage.show();
        connect("open.test", Optional.empty(), "TLSv1.3");
        assertThatThrownBy(() -> connect("open.test", Optional.empty(), "TLSv1.2"))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void tellsAClientThatAsksForAnUnknownNameSo() {
        stage.scene.edge(port, stage.authority.forHost("shop.test"));
        stage.show();
        assertThatThrownBy(() -> connect("nobody.test", Optional.empty()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
    }
}
