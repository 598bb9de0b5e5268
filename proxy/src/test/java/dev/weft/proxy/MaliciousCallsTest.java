package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.h2.SessionOptions;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever pretends to be another, comes in beside the mesh, or wants to be let out through it, is refused by name. */
class MaliciousCallsTest {

    private static final String TRUE_CALLER = "l5d-client-id: spiffe://cluster.local/ns/default/sa/hello";
    private static final WorkloadIdentity HELLO = Scene.workload("hello").identity();

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();
    private Upstream program;
    private Upstream victim;

    /** A pod quote that hello and the edge may call, and somebody on this machine whom nobody may reach through Weft. */
    @BeforeEach
    void pods() throws IOException {
        program = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||quote");
        victim = stage.answering("HTTP/1.1 200 OK|Content-Length: 6||secret");
        stage.scene
                .edge(edge)
                .host("shop.test", "quote")
                .pod("hello", "127.1.3.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.3.2", Ports.free(), inbound, program.port())
                .group("quote", new Endpoint("127.1.3.2", inbound, quote(), Endpoint.Transport.MESH));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private static Optional<Workload> quote() {
        return Optional.of(Scene.workload("quote"));
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private SSLSocket asHello(String protocol) throws IOException {
        WorkloadCertificate certificate = stage.authority.issue(HELLO);
        return Tls.connect(Tls.context(Optional.of(certificate)), "127.1.3.2", inbound, protocol);
    }

    /** CVE-2023-44487, by a workload that is one: its own key pair is enough to speak to the pod past its proxy. */
    @Test
    void whoGivesUpAtOnceAllThatHeAsksForIsCutOffAndNobodyElse() throws IOException {
        Client patient = stage.client("127.1.3.1", outbound);
        StreamClient flood = stage.closing(new StreamClient(asHello("h2"), SessionOptions.DEFAULT.scheme("https")));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 6_000; i++) {
                        flood.cancel(flood.get("quote", "/"));
                    }
                    flood.read(flood.get("quote", "/"));
                })
                .isInstanceOfAny(IOException.class, UncheckedIOException.class);
        assertThat(patient.send("GET / HTTP/1.1|Host: quote||").read().status()).isEqualTo(200);
    }

    /** Headers by which somebody may claim to be another, or to be sent elsewhere. */
    @Nested
    class SpoofedHeaders {

        /** All that a proxy of this mesh, of Linkerd's or of Envoy's would say and that this one sets or might trust. */
        private static final String CLAIMS =
                "l5d-client-id: forged|L5D-CLIENT-ID: spiffe://cluster.local/ns/weft/sa/forged"
                        + "|x-forwarded-client-cert: By=forged;URI=spiffe://cluster.local/ns/default/sa/forged"
                        + "|l5d-remote-ip: forged|l5d-dst-override: forged:80|l5d-dst-canonical: forged|l5d-server-id: forged"
                        + "|l5d-proxy-error: forged|weft-error: forged|weft-caller: forged|weft-identity: forged";

        private static final String OF_THE_EDGE = "|x-envoy-external-address: forged|x-envoy-original-dst-host: forged"
                + "|x-envoy-peer-metadata: forged|x-envoy-expected-rq-timeout-ms: 7forged|x-forwarded-host: forged"
                + "|x-forwarded-proto: forged|x-forwarded-port: forged|forwarded: for=forged;host=forged";

        private void onlyTheTruthArrives(String caller) {
            String head = program.heads().getFirst().toLowerCase(Locale.ROOT);
            assertThat(head)
                    .doesNotContain("forged")
                    .containsOnlyOnce("l5d-client-id")
                    .contains("|" + caller + "|");
        }

        @Test
        void areDroppedAtTheEdge() throws IOException {
            Client.Answer answer = stage.client(edge)
                    .send("GET / HTTP/1.1|Host: shop.test|" + CLAIMS + OF_THE_EDGE + "||")
                    .read();
            assertThat(answer.status()).isEqualTo(200);
            onlyTheTruthArrives("l5d-client-id: " + WorkloadIdentity.EDGE.uri());
        }

        @Test
        void areDroppedAtTheEdgeInHttp2() throws IOException {
            StreamClient client = stage.closing(new StreamClient(edge));
            String head = ("GET / HTTP/1.1|host: shop.test|" + CLAIMS + OF_THE_EDGE + "||")
                    .replace("L5D-CLIENT-ID", "l5d-client-id");
            assertThat(client.read(client.open(head, true)).status()).isEqualTo(200);
            onlyTheTruthArrives("l5d-client-id: " + WorkloadIdentity.EDGE.uri());
        }

        @Test
        void areDroppedFromAWorkloadsCalls() throws IOException {
            Client.Answer answer = stage.client("127.1.3.1", outbound)
                    .send("GET http://quote/ HTTP/1.1|Host: quote|" + CLAIMS + "|l5d_client_id: forged"
                            + "|X_Forwarded-Client_Cert: forged||")
                    .read();
            assertThat(answer.status()).isEqualTo(200);
            onlyTheTruthArrives(TRUE_CALLER);
        }

        @Test
        void areDroppedFromAWorkloadsStreams() throws IOException {
            StreamClient client = stage.closing(
                    new StreamClient(new Socket("127.1.3.1", outbound), SessionOptions.DEFAULT.scheme("http")));
            String head = ("POST / HTTP/1.1|host: quote|" + CLAIMS + "||").replace("L5D-CLIENT-ID", "l5d-client-id");
            int stream = client.open(head, false);
            client.data(stream, "abc", false)
                    .trailers(stream, "l5d-client-id: forged|x-forwarded-client-cert: forged|");
            assertThat(client.read(stream).status()).isEqualTo(200);
            onlyTheTruthArrives(TRUE_CALLER);
        }

        /** Whose certificate is sound may still lie in its headers. */
        @Test
        void areDroppedFromWhoComesToTheInboundPortHimself() throws IOException {
            Client client = stage.closing(new Client(asHello("")));
            assertThat(client.send("GET / HTTP/1.1|Host: quote|" + CLAIMS + "|l5d_client_id: forged||")
                            .read()
                            .status())
                    .isEqualTo(200);
            onlyTheTruthArrives(TRUE_CALLER);
        }

        @Test
        void areDroppedFromWhoComesToTheInboundPortHimselfInHttp2() throws IOException {
            StreamClient client =
                    stage.closing(new StreamClient(asHello("h2"), SessionOptions.DEFAULT.scheme("https")));
            String head = ("GET / HTTP/1.1|host: quote|" + CLAIMS + "||").replace("L5D-CLIENT-ID", "l5d-client-id");
            assertThat(client.read(client.open(head, true)).status()).isEqualTo(200);
            onlyTheTruthArrives(TRUE_CALLER);
        }

        /** Connection names what the next hop is to drop: it must not take away what this hop says. */
        @Test
        void cannotHaveTheTruthDropped() throws IOException {
            Client.Answer answer = stage.client(edge)
                    .send("GET / HTTP/1.1|Host: shop.test|Connection: l5d-client-id, x-forwarded-for, x-request-id||")
                    .read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(program.heads().getFirst())
                    .contains("x-forwarded-for: 127.0.0.1|", "x-request-id: ", WorkloadIdentity.EDGE.uri());
        }

        @ParameterizedTest
        @ValueSource(strings = {"l5d_client_id: forged", "X_Forwarded_Client_Cert: forged", "X_Forwarded_For: forged"})
        void areRefusedAtTheEdgeWhereProgramsWouldTakeThemForOthers(String line) throws IOException {
            Client.Answer answer = stage.client(edge)
                    .send("GET / HTTP/1.1|Host: shop.test|" + line + "||")
                    .read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.has("weft-error: header-refused")).isTrue();
        }
    }

    /** Who comes to a pod's inbound port beside the caller's proxy. */
    @Nested
    class AtTheInboundPort {

        private void isNamed(String because) {
            RefusedConnection refusal = stage.outcomes.nextRefused();
            assertThat(refusal.error()).isEqualTo(ErrorCode.CALLER_UNPROVEN);
            assertThat(refusal.listener()).isEqualTo("inbound default/quote-1:8080");
            assertThat(refusal.client().address()).startsWith("127.0.0.1:");
            assertThat(refusal.detail()).containsIgnoringCase(because);
            assertThat(program.heads()).isEmpty();
            assertThat(stage.outcomes.all()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET / HTTP/1.1|Host: quote||", "PRI * HTTP/2.0||SM||", "SSH-2.0-client|"})
        void nobodyIsHeardWithoutTls(String words) throws IOException {
            Client client = stage.client("127.1.3.2", inbound).send(words);
            assertThat(client.closed()).isTrue();
            isNamed("not an SSL/TLS record");
        }

        @ParameterizedTest
        @CsvSource({
            "NONE,did_not_return_a_certificate",
            "OTHER_AUTHORITY,leads to no trust anchor",
            "AUTHORITY_OF_THE_SAME_NAME,leads to no trust anchor",
            "EXPIRED,'leads to no trust anchor: validity check failed, NotAfter'",
            "FORGED_BY_A_WORKLOAD,leads to no trust anchor",
            "OTHER_TRUST_DOMAIN,names spiffe://evil.test/ns/default/sa/hello (expected: a workload of cluster.local)",
            "NO_WORKLOAD,names no workload",
            "TWO_WORKLOADS,names no workload",
            "NO_SPIFFE_ID,names https://cluster.local/ns/default/sa/hello"
        })
        void nobodyIsHeardWithAWrongCertificate(Shown shown, String because) throws IOException {
            try (SSLSocket socket = Tls.connect(Tls.context(shown.by(stage.authority)), "127.1.3.2", inbound, "")) {
                assertThat(refused(socket)).isTrue();
            } catch (IOException _) {
                // refused within the handshake
            }
            isNamed(because);
        }

        private boolean refused(SSLSocket socket) {
            try {
                Client client = new Client(socket).send("GET / HTTP/1.1|Host: quote||");
                return client.closed();
            } catch (IOException _) {
                return true;
            }
        }

        @Test
        void nobodyIsHeardByAnOlderTls() {
            assertThatThrownBy(() -> {
                        SSLSocket socket = (SSLSocket) Tls.context(Shown.TRUE.by(stage.authority))
                                .getSocketFactory()
                                .createSocket("127.1.3.2", inbound);
                        stage.closing(socket).setEnabledProtocols(new String[] {"TLSv1.2"});
                        socket.startHandshake();
                    })
                    .isInstanceOf(IOException.class);
            isNamed("protocol");
        }

        @Test
        void theSameClientIsHeardWithItsOwnCertificate() throws IOException {
            Client client = stage.closing(new Client(asHello("")));
            assertThat(client.send("GET / HTTP/1.1|Host: quote||").read().body())
                    .isEqualTo("quote");
        }
    }

    /** Who listens where a pod's inbound port is expected. */
    @Nested
    class InPlaceOfAnEndpoint {

        private void isRefused(int port) throws IOException {
            stage.scene.group("quote", new Endpoint("127.0.0.1", port, quote(), Endpoint.Transport.MESH));
            stage.show();
            Client.Answer answer = stage.client("127.1.3.1", outbound)
                    .send("GET http://quote/ HTTP/1.1|Host: quote|Authorization: secret||")
                    .read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.has("weft-error: tls-failed")).isTrue();
            Outcome outcome = stage.outcomes.next(Hop.OUTBOUND);
            assertThat(outcome.error()).contains(ErrorCode.TLS_FAILED);
            assertThat(outcome.decisions())
                    .anyMatch(decision -> decision.station().equals("try"));
        }

        @ParameterizedTest
        @EnumSource(
                value = Shown.class,
                mode = EnumSource.Mode.EXCLUDE,
                names = {"TRUE", "NONE"})
        void nobodyIsToldARequestWithAWrongCertificate(Shown shown) throws Exception {
            WorkloadIdentity quote = Scene.workload("quote").identity();
            try (ServerSocket server = Tls.context(shown.by(stage.authority, quote))
                    .getServerSocketFactory()
                    .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                List<String> heard = new CopyOnWriteArrayList<>();
                Thread.ofVirtual().start(() -> hear(server, heard));
                isRefused(server.getLocalPort());
                assertThat(heard).isEmpty();
            }
        }

        private void hear(ServerSocket server, List<String> heard) {
            while (!server.isClosed()) {
                try (Client peer = new Client(server.accept())) {
                    heard.add(peer.readHead());
                } catch (IOException _) {
                    // refused
                }
            }
        }

        @Test
        void nobodyIsToldARequestWithoutTls() throws IOException {
            Queue<String> heard = new ConcurrentLinkedQueue<>();
            Upstream plain = stage.upstream((peer, _) -> {
                peer.in().read();
                peer.send("HTTP/1.1 400 Bad Request|Content-Length: 0||").end();
                heard.add(peer.readAll());
            });
            isRefused(plain.port());
            assertThat(heard).noneMatch(words -> words.contains("secret"));
        }

        @Test
        void anotherWorkloadIsToldNothing() throws IOException {
            int port = Ports.free();
            stage.scene.pod("somebody", "127.1.3.3", Ports.free(), port, victim.port());
            stage.show();
            stage.scene.group("quote", new Endpoint("127.1.3.3", port, quote(), Endpoint.Transport.MESH));
            stage.show();
            Client.Answer answer = stage.client("127.1.3.1", outbound)
                    .send("GET http://quote/ HTTP/1.1|Host: quote||")
                    .read();
            assertThat(answer.has("weft-error: tls-failed")).isTrue();
            assertThat(answer.body())
                    .contains("sa/somebody")
                    .contains("expected: " + quote().get().identity().uri());
            assertThat(victim.connections()).isZero();
        }
    }
}
