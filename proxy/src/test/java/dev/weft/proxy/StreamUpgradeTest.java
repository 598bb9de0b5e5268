package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.SessionOptions;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.proxy.message.WebSocketKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSocket on a stream of HTTP/2 (RFC 8441), towards programs that know it from HTTP/1.1. */
class StreamUpgradeTest {

    private static final RouteFilter ALLOWED = new RouteFilter.AllowUpgrade(List.of("websocket"));

    private final Stage stage = new Stage();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private StreamClient atTheEdge(Upstream program, RouteFilter... filters) throws IOException {
        stage.scene
                .edge(edge)
                .host("chat.test", "chat", Duration.ofSeconds(5), RetryPolicy.DEFAULT, filters)
                .group("chat", Scene.plain(program.port()));
        stage.show();
        return stage.closing(new StreamClient(edge)).settle();
    }

    private StreamClient inTheMesh(Upstream program) throws IOException {
        stage.scene
                .pod("hello", "127.1.2.1", outbound, Ports.free(), 1)
                .pod("chat", "127.1.2.2", Ports.free(), inbound, program.port())
                .group(
                        "chat",
                        new Endpoint(
                                "127.1.2.2", inbound, Optional.of(Scene.workload("chat")), Endpoint.Transport.MESH))
                .speaks("chat", DeclaredProtocol.Kind.HTTP1, EndpointGroup.STREAM_IDLE);
        stage.show();
        Socket socket = new Socket(InetAddress.getByName("127.1.2.1"), outbound);
        return stage.closing(new StreamClient(socket, SessionOptions.DEFAULT.scheme("http")))
                .settle();
    }

    /** Agrees, sends everything back, and says goodbye once the client has said all. */
    private Upstream echo() throws IOException {
        return stage.upstream((peer, _) -> {
            String head = peer.readHead();
            heads.add(head);
            peer.send("HTTP/1.1 101 Switching Protocols|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: "
                    + WebSocketKey.accept(key(head)) + "||");
            byte[] buffer = new byte[16 * 1024];
            for (int n = peer.in().read(buffer); n > 0; n = peer.in().read(buffer)) {
                peer.send(Arrays.copyOf(buffer, n));
            }
            peer.send("bye");
            peer.end();
        });
    }

    private static String key(String head) {
        int at = head.toLowerCase(Locale.ROOT).indexOf("sec-websocket-key: ");
        return at < 0 ? "" : head.substring(at + 19, head.indexOf('|', at));
    }

    private static int ask(StreamClient client, String host) {
        return client.open(
                "GET /talk HTTP/1.1|host: " + host
                        + "|connection: upgrade|upgrade: websocket|sec-websocket-version: 13|origin: http://x||",
                false);
    }

    private static void talks(StreamClient client, String host) throws IOException {
        int stream = ask(client, host);
        client.data(stream, "early ", false); // before the answer, which is allowed and unwise
        assertThat(client.readHead(stream).head)
                .startsWith("HTTP/1.1 101 ")
                .contains("upgrade: websocket|")
                .doesNotContain("sec-websocket-accept");
        for (int i = 0; i < 100; i++) {
            int before = client.answer(stream).body.length();
            client.data(stream, "message " + i, false);
            String message = "message " + i;
            client.readUntil(stream, () -> client.answer(stream).body.length() >= before + message.length());
        }
        String large = "x".repeat(1024 * 1024);
        StreamClient.Answer answer = client.data(stream, large, true).read(stream);
        assertThat(answer.body).startsWith("early message 0").endsWith("xxxbye").hasSizeGreaterThan(large.length());
    }

    @Test
    void talksThroughTheEdge() throws IOException {
        talks(atTheEdge(echo(), ALLOWED), "chat.test");
        assertThat(heads.getFirst())
                .startsWith("GET /talk HTTP/1.1|")
                .contains("upgrade: websocket|", "sec-websocket-version: 13|", "origin: http://x|")
                .doesNotContain("ransfer-encoding");
        ConnectionOutcome outcome = stage.outcomes.nextConnection(Hop.EDGE);
        assertThat(outcome.endedBy()).isEqualTo(EndedBy.CLIENT);
        assertThat(outcome.error()).isEmpty();
    }

    @Test
    void talksThroughTwoProxies() throws IOException {
        talks(inTheMesh(echo()), "chat");
    }

    @Test
    void letsOtherStreamsBeWhatTheyAre() throws IOException {
        StreamClient client = atTheEdge(echo(), ALLOWED);
        int one = ask(client, "chat.test");
        int other = ask(client, "chat.test");
        client.readHead(one);
        client.readHead(other);
        client.data(one, "one", true);
        assertThat(client.read(one).body).isEqualTo("onebye");
        client.data(other, "other", true);
        assertThat(client.read(other).body).isEqualTo("otherbye");
    }

    @Test
    void refusesWhatTheRuleDoesNotAllow() throws IOException {
        StreamClient client = atTheEdge(echo());
        StreamClient.Answer answer = client.read(ask(client, "chat.test"));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.head).contains("weft-error: upgrade-refused|");
    }

    @Test
    void passesARefusalOn() throws IOException {
        Upstream program = stage.answering("HTTP/1.1 426 No|Content-Length: 3||not");
        StreamClient client = atTheEdge(program, ALLOWED);
        StreamClient.Answer answer = client.read(ask(client, "chat.test"));
        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.body).isEqualTo("not");
    }

    @Test
    void takesNoOtherAnswerForASwitch() throws IOException {
        StreamClient client = atTheEdge(stage.answering("HTTP/1.1 200 OK|Content-Length: 2||hi"), ALLOWED);
        assertThat(client.read(ask(client, "chat.test")).head).contains(" 502 ", "weft-error: upstream-protocol|");
    }

    @Test
    void believesNoServerThatDoesNotProveItKnowsTheProtocol() throws IOException {
        Upstream program = stage.answering(
                "HTTP/1.1 101 Fine|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: guessed||");
        StreamClient client = atTheEdge(program, ALLOWED);
        assertThat(client.read(ask(client, "chat.test")).head).contains(" 502 ", "weft-error: upstream-protocol|");
    }

    @Test
    void tellsTheClientThatTheServerBroke() throws IOException {
        Upstream program = stage.upstream((peer, _) -> {
            peer.send("HTTP/1.1 101 Fine|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: "
                    + WebSocketKey.accept(key(peer.readHead())) + "||");
            peer.read(3);
            peer.socket().setSoLinger(true, 0);
            peer.close();
        });
        StreamClient client = atTheEdge(program, ALLOWED);
        int stream = ask(client, "chat.test");
        client.readHead(stream);
        client.data(stream, "now", false);
        assertThat(client.readReset(stream).reset).isEqualTo("CANCEL");
        assertThat(stage.outcomes.nextConnection(Hop.EDGE).error()).contains(ErrorCode.STREAM_BROKEN);
    }

    @Test
    void tellsTheServerThatTheClientLeft() throws IOException {
        StreamClient client = atTheEdge(echo(), ALLOWED);
        int stream = ask(client, "chat.test");
        client.readHead(stream);
        client.cancel(stream);
        assertThat(stage.outcomes.nextConnection(Hop.EDGE).endedBy()).isEqualTo(EndedBy.CLIENT);
        assertThat(client.read(client.get("nowhere.test", "/")).status()).isEqualTo(404);
    }
}
