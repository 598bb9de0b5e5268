package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h1.Limits;
import dev.weft.http.transport.WireCapture;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From one workload to another: outbound, mutual TLS, inbound. */
class MeshHopTest {

    private static final String WORDS = "HTTP/1.1 200 OK|Content-Length: 14|weft-error: forged||secret answers";
    private static final String CALL = "GET http://quote/ HTTP/1.1|Host: quote||";

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();

    @BeforeEach
    void pods() throws IOException {
        Upstream program = stage.answering(WORDS);
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .group("quote", mesh("quote"));
        this.program = program;
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private Upstream program;

    private Endpoint mesh(String whom) {
        return new Endpoint("127.1.0.2", inbound, Optional.of(Scene.workload(whom)), Endpoint.Transport.MESH);
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client hello() throws IOException {
        return stage.client("127.1.0.1", outbound);
    }

    @Test
    void bothEndsProveWhoTheyAre() throws IOException {
        Client.Answer answer = hello().send(CALL).read();
        assertThat(answer.body()).isEqualTo("secret answers");
        assertThat(answer.head()).doesNotContain("weft-error");
        assertThat(program.heads().getFirst())
                .startsWith("GET / HTTP/1.1|")
                .contains("|l5d-client-id: spiffe://cluster.local/ns/default/sa/hello|");
        Outcome in = stage.outcomes.next(Hop.INBOUND);
        assertThat(in.client().identity()).contains(Scene.workload("hello").identity());
        assertThat(in.client().tlsVersion()).isEqualTo("TLSv1.3");
        Outcome out = stage.outcomes.next(Hop.OUTBOUND);
        assertThat(out.server().orElseThrow().identity())
                .contains(Scene.workload("quote").identity());
        assertThat(out.server().orElseThrow().cipher()).startsWith("TLS_");
        assertThat(out.server().orElseThrow().keyExchange()).isEqualTo("X25519MLKEM768");
        assertThat(out.requestId()).isEqualTo(in.requestId());
    }

    @Test
    void whatAClientSaysArrivesAsItWasSaid() throws IOException {
        hello().send("PROPFIND /a%2fB/./c;d?e=%41&f HTTP/1.1|Host: quote|"
                        + "B: 2|a: 1|B: 3|Accept: x , \ty|Empty:|a: \"4\"||")
                .read();
        List<String> lines = List.of(program.heads().getLast().split("\\|"));
        assertThat(lines).startsWith("PROPFIND /a%2fB/./c;d?e=%41&f HTTP/1.1", "host: quote");
        assertThat(lines.stream().map(MeshHopTest::withSmallName))
                .containsSubsequence("b: 2", "a: 1", "b: 3", "accept: x , \ty", "empty: ", "a: \"4\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: quote|", "", "Host: quote|Connection: keep-alive|"})
    void anOldRequestStaysOneAndGetsNoHost(String fields) throws IOException {
        int outlet = Ports.free();
        stage.scene.outlet("hello", outlet, "quote");
        stage.show();
        Client.Answer answer = stage.client("127.1.0.1", outlet)
                .send("GET /a HTTP/1.0|" + fields + "|")
                .read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("secret answers");
        String heard = program.heads().getLast();
        assertThat(heard).startsWith("GET /a HTTP/1.0|");
        assertThat(heard.toLowerCase(Locale.ROOT).contains("host:")).isEqualTo(!fields.isEmpty());
    }

    @Test
    void oldRequestsShareAConnectionOfTheMesh() throws IOException {
        int requests = 6;
        for (int i = 0; i < requests; i++) {
            assertThat(hello().send("GET / HTTP/1.0|Host: quote||").read().status())
                    .isEqualTo(200);
        }
        assertThat(connections(LiveConnection.Side.ACCEPTED)).isBetween(1L, 2L); // one for each loop
        assertThat(connections(LiveConnection.Side.MADE)).as("to the program").isEqualTo(requests);
    }

    @Test
    void aQuestionForTheWholeServerReachesTheProgram() throws IOException {
        for (String host : List.of("quote", "quote.default.svc.cluster.local:80")) {
            assertThat(hello().send("OPTIONS * HTTP/1.1|Host: " + host + "||")
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(program.heads().getLast()).startsWith("OPTIONS * HTTP/1.1|host: " + host + "|");
        }
    }

    private long connections(LiveConnection.Side side) {
        return Stream.concat(stage.outcomes.live().stream(), stage.outcomes.gone().keySet().stream())
                .filter(connection -> connection.hop() == Hop.INBOUND && connection.side() == side)
                .distinct()
                .count();
    }

    /** Names of headers may be written small on the way. */
    private static String withSmallName(String line) {
        int colon = Math.max(0, line.indexOf(':'));
        return line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
    }

    @Test
    void carriesTheMostThatTheFirstHopTakesToTheProgram() throws IOException {
        String fields = "x: y|".repeat(Limits.DEFAULT.fieldsMax() - 1);
        assertThat(hello().send("GET / HTTP/1.1|Host: quote|" + fields + "|")
                        .read()
                        .status())
                .isEqualTo(200);
        assertThat(hello().send("GET / HTTP/1.1|Host: quote|x: y|" + fields + "|")
                        .read()
                        .status())
                .isEqualTo(431);
        String large = "z".repeat(Limits.DEFAULT.headBytesMax() - 200);
        assertThat(hello().send("GET / HTTP/1.1|Host: quote|x: " + large + "||")
                        .read()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void carriesTheMostThatAProgramMayAnswer() throws IOException {
        String fields = "x: y|".repeat(Limits.DEFAULT.fieldsMax() - 1);
        Upstream wordy = stage.answering("HTTP/1.1 200 OK|Content-Length: 0|" + fields + "|");
        stage.scene.pod("quote", "127.1.0.2", Ports.free(), inbound, wordy.port());
        stage.show();
        assertThat(hello().send(CALL).read().status()).isEqualTo(200);
    }

    @Test
    void refusesAServerWithAnotherIdentity() throws IOException {
        stage.scene.group("quote", mesh("somebody"));
        stage.show();
        Client.Answer answer = hello().send(CALL).read();
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.has("weft-error: tls-failed")).isTrue();
        assertThat(answer.body())
                .contains("sa/quote")
                .contains("expected: spiffe://cluster.local/ns/default/sa/somebody");
        assertThat(program.heads()).isEmpty();
    }

    @Test
    void refusesAClientWithoutACertificate() throws IOException {
        Client client = stage.client("127.1.0.2", inbound);
        client.send(CALL);
        assertThat(client.closed()).isTrue();
        assertThat(program.heads()).isEmpty();
    }

    @Test
    void refusesCallersThatNoRuleAllows() throws IOException {
        ResourceReference target = new ResourceReference("access.smi-spec.io", "TrafficTarget", "default", "quote");
        AccessRule onlyOther =
                new AccessRule(target, Set.of(Scene.workload("other").identity()), List.of());
        stage.scene.access("quote", new AccessPolicy(List.of(onlyOther), AccessPolicy.Unmatched.DENY, "it is so"));
        stage.show();
        Client.Answer answer = hello().send(CALL).read();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.has("weft-error: access-denied")).isTrue();
        assertThat(answer.body()).contains("TrafficTarget default/quote");
        Outcome in = stage.outcomes.next(Hop.INBOUND);
        assertThat(in.error()).contains(ErrorCode.ACCESS_DENIED);
        assertThat(in.decisions()).anyMatch(decision -> decision.station().equals("authorize"));
    }

    @Test
    void showsNoWordOfTheAnswerOnTheWire() throws IOException {
        assertThat(hello().send(CALL).read().status()).isEqualTo(200);
        try (WireCapture capture = stage.proxy.capture(100_000, 10)) {
            assertThat(hello().send(CALL).read().body()).isEqualTo("secret answers");
            List<WireCapture.Wire> wires = capture.wires();
            assertThat(wires).hasSize(2);
            for (WireCapture.Wire wire : wires) {
                assertThat(wire.sent() + wire.received())
                        .hasSizeGreaterThan(500)
                        .doesNotContain("secret")
                        .doesNotContain("HTTP/1.1");
            }
        }
    }

    @Test
    void keepsServingWhileCertificatesAreRenewed() throws IOException {
        Client client = hello();
        for (int i = 0; i < 20; i++) {
            assertThat(client.send(CALL).read().status()).isEqualTo(200);
            stage.authority.renew();
        }
        assertThat(stage.outcomes.all()).allMatch(Outcome::success);
    }

    @Test
    void saysWhichNameIsNoService() throws IOException {
        Client.Answer answer = hello().send("GET http://nothing.default/ HTTP/1.1|Host: nothing.default||")
                .read();
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.has("weft-error: service-unknown")).isTrue();
    }

    @Test
    void ignoresTheOfferOfTheJdksClientToUpgrade() throws IOException {
        Client.Answer answer = hello().send("GET / HTTP/1.1|Host: quote.default.svc.cluster.local"
                        + "|Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAEA||")
                .read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(program.heads().getFirst()).doesNotContain("pgrade").doesNotContain("HTTP2");
    }

    @Test
    void triesAnotherEndpointWhenAProgramIsDead() throws IOException {
        int deadInbound = Ports.free();
        stage.scene.pod("dead", "127.1.0.3", Ports.free(), deadInbound, Ports.free());
        Endpoint dead =
                new Endpoint("127.1.0.3", deadInbound, Optional.of(Scene.workload("dead")), Endpoint.Transport.MESH);
        stage.scene.group("quote", mesh("quote"), dead);
        stage.show();
        for (int i = 0; i < 20; i++) {
            assertThat(hello().send("POST http://quote/ HTTP/1.1|Host: quote|Content-Length: 2||ab")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(stage.outcomes.all())
                .anyMatch(outcome ->
                        outcome.hop() == Hop.OUTBOUND && outcome.attempts().size() == 2);
    }

    @Test
    void freesThePortsOfAPodThatIsGone() throws IOException {
        stage.scene.noPod("quote").show();
        Stage.await(() -> stage.proxy.isSettled());
        try (Closeable _ = new java.net.ServerSocket(inbound, 1, java.net.InetAddress.ofLiteral("127.1.0.2"))) {
            assertThat(stage.proxy.ports()).doesNotContainKey("inbound default/quote-1:8080");
        }
    }
}
