package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import dev.weft.model.policy.RateLimit;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.DeclaredProtocol.Kind;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is a request however it is wrapped: nobody gets one past identities, limits and records as bytes. */
class RequestsInStreamsTest {

    private static final String FORGED = "GET /a HTTP/1.1|Host: whatever|l5d-client-id: forged||";
    private static final RateLimit ONE = new RateLimit(Scene.SOURCE, 1, 0, List.of(), Optional.empty());

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void quote(int port, Kind kind) {
        stage.scene
                .pod("hello", "127.1.4.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.4.2", Ports.free(), inbound, port)
                .outlet("hello", outlet, "quote")
                .group("quote", quote())
                .speaks("quote", kind, EndpointGroup.STREAM_IDLE);
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private Endpoint quote() {
        return new Endpoint("127.1.4.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH);
    }

    private Upstream answering(Kind kind) throws IOException {
        Upstream program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||hi");
        quote(program.port(), kind);
        return program;
    }

    private Client tunnel() throws IOException {
        Client client = stage.client("127.1.4.1", outbound).send("CONNECT quote:80 HTTP/1.1|Host: quote:80||");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    /** The own doing of whoever has hello's certificate. */
    private FramedClient framed() throws IOException {
        return stage.closing(new FramedClient(Tls.connect(
                Tls.context(Optional.of(
                        stage.authority.issue(Scene.workload("hello").identity()))),
                "127.1.4.2",
                inbound,
                FramedClient.PROTOCOL)));
    }

    private static void truthArrived(Upstream program) {
        assertThat(program.heads().getFirst())
                .doesNotContain("forged")
                .contains(
                        "|l5d-client-id: " + Scene.workload("hello").identity().uri() + "|");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"DETECT", "HTTP1"})
    void aRequestInATunnelIsARequest(Kind kind) throws IOException {
        Upstream program = answering(kind);
        Client client = tunnel();
        assertThat(client.send(FORGED).read().body()).isEqualTo("hi");
        assertThat(client.send(FORGED).read().body()).isEqualTo("hi");
        truthArrived(program);
        Outcome out = stage.outcomes.next(Hop.OUTBOUND);
        assertThat(out.path()).isEqualTo("/a");
        assertThat(out.service()).contains(Scene.service("quote"));
        assertThat(stage.outcomes.next(Hop.INBOUND).path()).isEqualTo("/a");
    }

    @Test
    void whatComesWithConnectIsARequestToo() throws IOException {
        Upstream program = answering(Kind.DETECT);
        Client client = stage.client("127.1.4.1", outbound).send("CONNECT quote:80 HTTP/1.1|Host: quote:80||" + FORGED);
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(client.read().body()).isEqualTo("hi");
        truthArrived(program);
    }

    @Test
    void aTunnelInATunnelIsRefused() throws IOException {
        answering(Kind.DETECT);
        assertThat(tunnel().send("CONNECT quote:80 HTTP/1.1|Host: quote:80||")
                        .read()
                        .status())
                .isEqualTo(501);
    }

    @Test
    void requestsInATunnelCountForRateLimits() throws IOException {
        answering(Kind.DETECT);
        stage.scene.limit("quote", ONE);
        stage.show();
        Client client = tunnel();
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            statuses.add(client.send(FORGED).read().status());
        }
        assertThat(statuses).startsWith(200).contains(429);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|", "|||", "||||||||||||||||||||||||||||||||||||||||"})
    void emptyLinesBeforeARequestDoNotHideIt(String lines) throws IOException {
        Upstream program = answering(Kind.DETECT);
        assertThat(stage.client("127.1.4.1", outlet).send(lines + FORGED).read().body())
                .isEqualTo("hi");
        truthArrived(program);
        assertThat(stage.outcomes.verdicts()).containsExactly(new ProtocolVerdict(Protocol.HTTP1, Reason.REQUEST_LINE));
    }

    /** A byte every 100 ms: no pause would ever end it. */
    @Test
    void whoNeverComesToAnEndIsDecidedByADeadlineThatNoByteRenews() throws IOException {
        quote(
                stage.upstream((peer, _) -> peer.in().transferTo(OutputStream.nullOutputStream()))
                        .port(),
                Kind.DETECT);
        Client client = stage.client("127.1.4.1", outlet);
        long start = System.nanoTime();
        while (stage.outcomes.verdicts().isEmpty()) {
            client.send("A");
            assertThat(System.nanoTime() - start)
                    .as("2 s, and never a stall of ten")
                    .isLessThan(Duration.ofSeconds(10).toNanos());
            LockSupport.parkNanos(100_000_000);
        }
        assertThat(stage.outcomes.verdicts()).containsExactly(new ProtocolVerdict(Protocol.OPAQUE, Reason.LATE));
    }

    @Test
    void bytesInATunnelToAnUndeclaredPortAreBytes() throws IOException {
        Upstream program =
                stage.upstream((peer, _) -> peer.send("+" + peer.read(4)).end());
        quote(program.port(), Kind.DETECT);
        assertThat(tunnel().send("*1|$").end().readAll()).isEqualTo("+*1\r\n");
        ConnectionOutcome in = stage.outcomes.nextConnection(Hop.INBOUND);
        assertThat(in.error()).isEmpty();
        assertThat(in.serverBytes()).isEqualTo(5);
    }

    @Test
    void aServerThatSpeaksFirstIsHeardThroughATunnelToAnUndeclaredPort() throws IOException {
        Upstream program = stage.upstream((peer, _) -> {
            peer.send("220 ready|");
            peer.send(peer.read(4));
        });
        quote(program.port(), Kind.DETECT);
        Client client = tunnel();
        assertThat(client.read(11)).isEqualTo("220 ready\r\n");
        assertThat(client.send("EHLO").read(4)).isEqualTo("EHLO");
    }

    @Test
    void aPortThatIsDeclaredToCarryRequestsTakesNoStream() throws IOException {
        Upstream program = answering(Kind.HTTP1);
        FramedClient.Frame answer = framed().read();
        assertThat(answer.type()).isEqualTo(FramedClient.REFUSED);
        assertThat(answer.text()).startsWith("stream-refused ").contains("declared to speak HTTP");
        assertThat(stage.outcomes.nextConnection(Hop.INBOUND).error()).contains(ErrorCode.STREAM_REFUSED);
        assertThat(program.connections()).isZero();
    }

    @Test
    void aPodWithARateLimitTakesStreamsAtPortsAlonethatAreDeclaredOpaque() throws IOException {
        answering(Kind.DETECT);
        stage.scene.limit("quote", ONE);
        stage.show();
        assertThat(framed().read().text()).startsWith("stream-refused ").contains("rate limit");
        stage.scene.limit("quote").limit("quote", 8080, ONE);
        stage.show();
        assertThat(framed().read().text()).startsWith("stream-refused ").contains("rate limit");
        stage.scene.speaks("quote", Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        stage.show();
        assertThat(framed().read().type()).isEqualTo(FramedClient.OPENED);
    }

    @Test
    void aPodWithAConcurrencyLimitTakesNone() throws IOException {
        answering(Kind.DETECT);
        stage.scene.group(new EndpointGroup(
                Scene.service("quote"), List.of(quote()), false, 1, TrafficPolicy.DEFAULT, List.of()));
        stage.show();
        assertThat(framed().read().text()).startsWith("stream-refused ").contains("requests at once");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FORGED,
                "|||" + FORGED,
                " \t" + FORGED,
                "GET\t/a\tHTTP/1.1|l5d-client-id: forged||",
                "get /a b http/1.0|l5d-client-id: forged||",
                "AN-EXTRAORDINARILY-LONG-METHOD-THAT-NOBODY-KNOWS /a HTTP/1.1|l5d-client-id: forged||",
                "GET /a HTTP/1.1\nl5d-client-id: forged\n\n",
                "PRI * HTTP/2.0||SM||",
            })
    void aRequestInAStreamReachesNoProgram(String request) throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        Upstream program = stage.upstream((peer, _) -> {
            try {
                heard.add(peer.readAll());
            } catch (IOException _) {
                heard.add("");
            }
        });
        quote(program.port(), Kind.DETECT);
        for (boolean slowly : new boolean[] {false, true}) {
            FramedClient client = framed();
            assertThat(client.read().type()).isEqualTo(FramedClient.OPENED);
            say(client, request, slowly);
            FramedClient.Frame answer = client.read();
            if (!answer.isGone()) { // what was still on the wire may reset the connection before the answer is read
                assertThat(answer.type()).isEqualTo(FramedClient.REFUSED);
                assertThat(answer.text()).startsWith("request-in-stream ");
            }
            assertThat(stage.outcomes.nextConnection(Hop.INBOUND).error()).contains(ErrorCode.REQUEST_IN_STREAM);
        }
        Stage.await(() -> heard.size() == 2);
        assertThat(heard).noneMatch(words -> words.contains("forged") || words.matches("(?s).*HTTP/[0-9.]+\r?\n.*"));
    }

    private static void say(FramedClient client, String request, boolean slowly) throws IOException {
        if (!slowly) {
            client.send(request);
            return;
        }
        for (byte b : request.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1)) {
            client.send(String.valueOf((char) b));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*1|$4|PING|",
                "PING|",
                "set HTTP/1.1 0 0 5|",
                "EHLO example.com|",
                "<134>1 2026-01-01 web GET / HTTP/1.1|",
                "{\"request\": \"GET / HTTP/1.1\"}|",
                "\u0000\u0000\u0000\u0008\u0004\u00d2\u0016/",
                "\u0016\u0003\u0001\u0000\u0005"
            })
    void whatIsNoRequestPassesAtOnce(String said) throws IOException {
        Upstream program =
                stage.upstream((peer, _) -> peer.in().transferTo(peer.socket().getOutputStream()));
        quote(program.port(), Kind.DETECT);
        FramedClient client = framed();
        assertThat(client.read().type()).isEqualTo(FramedClient.OPENED);
        StringBuilder back = new StringBuilder();
        String sent = said.replace("|", "\r\n");
        client.send(said);
        while (back.length() < sent.length()) {
            FramedClient.Frame frame = client.read();
            assertThat(frame.type()).isEqualTo(FramedClient.DATA);
            back.append(frame.text());
        }
        assertThat(back.toString()).isEqualTo(sent);
    }
}
