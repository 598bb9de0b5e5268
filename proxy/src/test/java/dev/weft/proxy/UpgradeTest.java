package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.RouteFilter;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that switch to another protocol: WebSocket and any other, through one hop and through two. */
class UpgradeTest {

    private static final int MESSAGES = 10_000;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void atTheEdge(Upstream program, RouteFilter... filters) {
        stage.scene
                .edge(edge)
                .host("127.0.0.1", "chat", Duration.ofSeconds(5), RetryPolicy.DEFAULT, filters)
                .group("chat", Scene.plain(program.port()));
        stage.show();
    }

    private void inTheMesh(Upstream program) {
        stage.scene
                .pod("hello", "127.1.2.1", outbound, Ports.free(), 1)
                .pod("chat", "127.1.2.2", Ports.free(), inbound, program.port())
                .outlet("hello", outlet, "chat")
                .group(
                        "chat",
                        new Endpoint(
                                "127.1.2.2", inbound, Optional.of(Scene.workload("chat")), Endpoint.Transport.MESH))
                .speaks("chat", DeclaredProtocol.Kind.HTTP1, EndpointGroup.STREAM_IDLE);
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    /** Sends every message back, and closes when it is asked to. */
    private static void webSocket(Client peer, int connection) throws IOException {
        String head = peer.readHead();
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("sec-websocket-key: ") + 19;
        peer.send("HTTP/1.1 101 Switching Protocols|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Accept: "
                + accept(head.substring(at, head.indexOf('|', at))) + "||");
        while (true) {
            int first = peer.in().read();
            int second = peer.in().read();
            int length = second & 0x7f;
            if (length == 126) {
                length = (peer.in().read() << 8) | peer.in().read();
            }
            byte[] mask = peer.in().readNBytes(4);
            byte[] payload = peer.in().readNBytes(length);
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i % 4];
            }
            byte[] frame = new byte[2 + length];
            frame[0] = (byte) first;
            frame[1] = (byte) length;
            System.arraycopy(payload, 0, frame, 2, length);
            peer.send(frame);
            if ((first & 0x0f) == 8) {
                peer.end();
                return;
            }
        }
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts what comes back, and that it is what was sent. */
    private static final class Counting implements WebSocket.Listener {
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder message = new StringBuilder();
        private int count;

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last && !message.toString().equals("message " + count)) {
                closed.completeExceptionally(new AssertionError("message " + count + " is " + message));
            }
            if (last) {
                count = count + 1;
                message.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(count);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    private static void talk(String uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Counting counting = new Counting();
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create(uri), counting)
                    .get(60, TimeUnit.SECONDS);
            for (int i = 0; i < MESSAGES; i++) {
                socket.sendText("message " + i, true).get(60, TimeUnit.SECONDS);
            }
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(60, TimeUnit.SECONDS);
            assertThat(counting.closed.get(60, TimeUnit.SECONDS)).isEqualTo(MESSAGES);
        }
    }

    @Test
    void tenThousandMessagesOfAWebSocketComeBackThroughTheEdge() throws Exception {
        atTheEdge(stage.upstream(UpgradeTest::webSocket), new RouteFilter.AllowUpgrade(List.of("websocket")));
        talk("ws://127.0.0.1:" + edge + "/");
        Outcome request = stage.outcomes.next(Hop.EDGE);
        assertThat(request.status()).isEqualTo(101);
        ConnectionOutcome stream = stage.outcomes.nextConnection(Hop.EDGE);
        assertThat(stream.error()).isEmpty();
        assertThat(stream.serverBytes()).isGreaterThan(MESSAGES);
    }

    @Test
    void tenThousandMessagesOfAWebSocketComeBackThroughTheMesh() throws Exception {
        inTheMesh(stage.upstream(UpgradeTest::webSocket));
        talk("ws://127.1.2.1:" + outlet + "/");
        assertThat(stage.outcomes.nextConnection(Hop.INBOUND).error()).isEmpty();
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).error()).isEmpty();
    }

    /** Waits for the client's end, then says what it has heard. */
    private static void chat(Client peer, int connection) throws IOException {
        String head = peer.readHead();
        assertThat(head.toLowerCase(Locale.ROOT)).contains("|upgrade: chat/2|").contains("|connection: upgrade|");
        peer.send("HTTP/1.1 101 Switching Protocols|Upgrade: chat/2|Connection: Upgrade||early ");
        peer.send("heard " + peer.readAll()).end();
        assertThat(peer.closed()).isTrue();
    }

    private static final String ASKING = "GET /room HTTP/1.1|Host: 127.0.0.1|Connection: Upgrade|Upgrade: chat/2||";

    private void halfClose(Client client) throws IOException {
        String head = client.send(ASKING).readHead();
        assertThat(head).startsWith("HTTP/1.1 101 ").containsIgnoringCase("|upgrade: chat/2|");
        client.send("all I have").end();
        assertThat(client.readAll()).isEqualTo("early heard all I have");
    }

    @Test
    void aHalfCloseAfterAnUpgradeLeavesTheOtherWayOpen() throws IOException {
        atTheEdge(stage.upstream(UpgradeTest::chat), new RouteFilter.AllowUpgrade(List.of("*")));
        halfClose(stage.client(edge));
    }

    @Test
    void aHalfCloseAfterAnUpgradePassesTheMesh() throws IOException {
        inTheMesh(stage.upstream(UpgradeTest::chat));
        halfClose(stage.client("127.1.2.1", outlet));
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).error()).isEmpty();
    }

    @Test
    void theEdgeRefusesAnUpgradeThatTheRuleDoesNotName() throws IOException {
        Upstream program = stage.upstream(UpgradeTest::chat);
        atTheEdge(program, new RouteFilter.AllowUpgrade(List.of("websocket")));
        Client.Answer answer = stage.client(edge).send(ASKING).read();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.has("weft-error: upgrade-refused")).isTrue();
        assertThat(program.connections()).isZero();
    }

    @Test
    void aServerThatDoesNotSwitchAnswersAsUsual() throws IOException {
        Upstream program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||no");
        atTheEdge(program, new RouteFilter.AllowUpgrade(List.of("*")));
        Client client = stage.client(edge);
        assertThat(client.send(ASKING).read().body()).isEqualTo("no");
        assertThat(client.send("GET / HTTP/1.1|Host: 127.0.0.1||").read().body())
                .isEqualTo("no");
    }

    /** To whoever has not agreed to switch they would be a request that nobody has looked at. */
    @Test
    void whatComesBehindTheRequestIsKeptUntilTheServerSwitches() throws IOException {
        CountDownLatch sent = new CountDownLatch(1);
        Upstream program = stage.upstream((peer, _) -> {
            peer.readHead();
            awaitQuietly(sent);
            peer.socket().setSoTimeout(500);
            assertThatThrownBy(() -> peer.in().read()).isInstanceOf(SocketTimeoutException.class);
            peer.socket().setSoTimeout(Client.PATIENCE_MILLIS);
            peer.send("HTTP/1.1 101 Switching Protocols|Upgrade: chat/2|Connection: Upgrade||");
            peer.send("heard " + peer.readAll()).end();
        });
        for (boolean mesh : List.of(false, true)) {
            if (mesh) {
                inTheMesh(program);
            } else {
                atTheEdge(program, new RouteFilter.AllowUpgrade(List.of("*")));
            }
            Client client = mesh ? stage.client("127.1.2.1", outlet) : stage.client(edge);
            client.send(ASKING + NEXT);
            client.send("more");
            sent.countDown();
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.end().readAll()).isEqualTo("heard " + NEXT.replace("|", "\r\n") + "more");
        }
    }

    @Test
    void whatComesBehindARequestThatIsNotSwitchedIsTheNextRequest() throws IOException {
        Upstream program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||no");
        for (boolean mesh : List.of(false, true)) {
            if (mesh) {
                inTheMesh(program);
            } else {
                atTheEdge(program, new RouteFilter.AllowUpgrade(List.of("*")));
            }
            Client client = mesh ? stage.client("127.1.2.1", outlet) : stage.client(edge);
            client.send(ASKING + NEXT + "TRACE|");
            assertThat(client.read().body()).isEqualTo("no");
            assertThat(client.read().body()).isEqualTo("no");
            assertThat(client.read().status()).as("what is no request").isEqualTo(400);
            assertThat(client.closed()).isTrue();
            assertThat(program.heads())
                    .extracting(head -> head.substring(0, head.indexOf('|')))
                    .containsExactly("GET /room HTTP/1.1", "GET /next HTTP/1.1");
            program.heads().clear();
        }
    }

    private static final String NEXT = "GET /next HTTP/1.1|Host: 127.0.0.1||";

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
