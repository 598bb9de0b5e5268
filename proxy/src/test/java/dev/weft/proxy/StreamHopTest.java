package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.SessionOptions;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 on both sides: calls of gRPC go on as streams. */
class StreamHopTest {

    private static final String CALL =
            "POST /pkg.Service/Method HTTP/1.1|host: shop.test|content-type: application/grpc|te: trailers||";

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @BeforeEach
    void open() {
        stage.scene.edge(port);
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private StreamUpstream shop(SessionOptions options, StreamUpstream.Script script) throws IOException {
        StreamUpstream shop = stage.closing(new StreamUpstream(options, script));
        stage.scene.host("shop.test", "shop").group("shop", Scene.plain(shop.port()));
        stage.show();
        return shop;
    }

    private StreamUpstream shop(StreamUpstream.Script script) throws IOException {
        return shop(SessionOptions.DEFAULT, script);
    }

    private StreamClient client() throws IOException {
        return stage.closing(new StreamClient(port));
    }

    /** Says every message back at once, and ends when the caller does. */
    private static final class Echo implements StreamUpstream.Script {
        @Override
        public void head(StreamUpstream.Peer peer, int stream, String head, boolean end) {
            peer.head(stream, "HTTP/1.1 200 OK|content-type: application/grpc||");
        }

        @Override
        public void data(StreamUpstream.Peer peer, int stream, String data, boolean end) {
            peer.data(stream, data, false);
            if (end) {
                peer.trailers(stream, "grpc-status: 0|x-last: yes|");
            }
        }
    }

    @Test
    void talksBothWaysAtOnce() throws IOException {
        StreamUpstream shop = shop(new Echo());
        StreamClient client = client();
        int stream = client.open(CALL, false);
        for (String message : List.of("one", "two", "three")) {
            int before = client.answer(stream).body.length();
            client.data(stream, message, false);
            client.readUntil(stream, () -> client.answer(stream).body.length() == before + message.length());
        }
        StreamClient.Answer answer = client.data(stream, "", true).read(stream);
        assertThat(answer.body).isEqualTo("onetwothree");
        assertThat(answer.trailers).isEqualTo("grpc-status: 0|x-last: yes|");
        assertThat(shop.heads.getFirst()).contains("te: trailers|", "host: shop.test|");
    }

    @Test
    void sendsAllStreamsOnOneConnection() throws IOException {
        StreamUpstream shop = shop(new Echo());
        StreamClient client = client();
        List<Integer> streams = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int stream = client.open(CALL, false);
            streams.add(stream);
            client.data(stream, "hello " + i, true);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(client.read(streams.get(i)).body).isEqualTo("hello " + i);
        }
        assertThat(shop.peers).hasSize(1);
    }

    @Test
    void hasStreamsWaitThatTheServerDoesNotAllow() throws IOException {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        StreamUpstream shop = shop(SessionOptions.DEFAULT.streamsMax(3), new StreamUpstream.Script() {
            @Override
            public void head(StreamUpstream.Peer peer, int stream, String head, boolean end) {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            }

            @Override
            public void data(StreamUpstream.Peer peer, int stream, String data, boolean end) {
                atOnce.decrementAndGet();
                peer.answer(stream, "HTTP/1.1 200 OK||", data);
            }
        });
        StreamClient client = client();
        client.read(finished(client)); // from now on the server's limit is known
        List<Integer> streams = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            streams.add(client.open(CALL, false));
        }
        for (int stream : streams) {
            client.data(stream, "x", true);
        }
        for (int stream : streams) {
            assertThat(client.read(stream).body).isEqualTo("x");
        }
        assertThat(most.get()).isLessThanOrEqualTo(3);
        assertThat(shop.peers).hasSize(1);
    }

    private static int finished(StreamClient client) {
        int stream = client.open(CALL, false);
        client.data(stream, "x", true);
        return stream;
    }

    @Test
    void triesARefusedStreamAgain() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        shop((peer, stream, _, _) -> {
            if (calls.incrementAndGet() == 1) {
                peer.refuse(stream, ErrorType.REFUSED_STREAM);
            } else {
                peer.answer(stream, "HTTP/1.1 200 OK||", "again");
            }
        });
        StreamClient client = client();
        int stream = client.open(CALL, false);
        assertThat(client.read(stream).body).isEqualTo("again");
        assertThat(calls.get()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCEL", "INTERNAL_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY"})
    void passesTheCodeOfAResetOn(ErrorType code) throws IOException {
        shop((peer, stream, head, _) -> {
            if (!head.contains("/before ")) {
                peer.head(stream, "HTTP/1.1 200 OK||");
            }
            if (head.contains("/within ")) {
                peer.data(stream, "some", false);
            }
            peer.refuse(stream, code);
        });
        StreamClient client = client();
        for (String when : List.of("before", "after", "within")) {
            int stream = client.open(CALL.replace("Method", when), false);
            assertThat(client.readReset(stream).reset).as(when).isEqualTo(code.name());
        }
        assertThat(stage.outcomes.all())
                .allSatisfy(each -> assertThat(each.error()).contains(ErrorCode.UPSTREAM_CLOSED));
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCEL", "INTERNAL_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY"})
    void tellsAClientOfHttp1OfAReset(ErrorType code) throws IOException {
        StreamUpstream shop = stage.closing(new StreamUpstream((peer, stream, _, _) -> peer.refuse(stream, code)));
        stage.scene
                .host("shop.test", "shop")
                .group("shop", Scene.plain(shop.port()))
                .speaks("shop", DeclaredProtocol.Kind.HTTP2, EndpointGroup.STREAM_IDLE);
        stage.show();
        Client client = stage.client(port);
        for (int i = 0; i < 2; i++) { // its connection goes on
            Client.Answer answer = client.send("POST / HTTP/1.1|Host: shop.test|Content-Length: 0||")
                    .read();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.has("weft-error: upstream-closed")).isTrue();
            assertThat(answer.body()).contains("\"code\":\"upstream-closed\"", code.name());
        }
        assertThat(shop.heads).hasSize(2); // and nobody repeated what may have been done
    }

    @Test
    void takesACancelledStreamForTheCallersDeadlineOnceThatHasPassed() throws IOException {
        shop((peer, stream, _, _) -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            peer.refuse(stream, ErrorType.CANCEL);
        });
        StreamClient client = client();
        int stream = client.open(CALL.replace("||", "|grpc-timeout: 1m||"), false);
        assertThat(client.readReset(stream).reset).isEqualTo("CANCEL");
        assertThat(stage.outcomes.all().getFirst().error()).contains(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void takesAClientThatLeavesAtItsDeadlineForLate() throws IOException {
        StreamUpstream shop = shop((_, _, _, _) -> {});
        StreamClient client = client();
        int stream = client.open(CALL.replace("||", "|grpc-timeout: 1m||"), false);
        // a head that is read together with its end is that of a client that left
        Stage.await(() -> stage.outcomes.routed() == 1 || !stage.outcomes.all().isEmpty());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        client.cancel(stream);
        Stage.await(() -> !stage.outcomes.all().isEmpty());
        assertThat(stage.outcomes.all().getFirst().error()).contains(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(shop.resets).isSubsetOf("1 CANCEL");
    }

    @Test
    void answersForAnEndpointThatBreaksTheProtocol() throws IOException {
        shop((peer, stream, _, _) -> peer.answer(stream, "HTTP/1.1 200 OK|content-length: 3||", "four"));
        StreamClient client = client();
        int stream = client.open(CALL, true);
        assertThat(client.readReset(stream).reset).isEqualTo("INTERNAL_ERROR");
        assertThat(stage.outcomes.all().getFirst().error()).contains(ErrorCode.UPSTREAM_PROTOCOL);
    }

    @Test
    void losesNoCallWhenTheServerLeaves() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        StreamUpstream shop = shop((peer, stream, _, _) -> {
            if (calls.incrementAndGet() % 5 == 0) {
                peer.leave();
            }
            peer.answer(stream, "HTTP/1.1 200 OK||", "ok");
        });
        StreamClient client = client();
        for (int i = 0; i < 50; i++) {
            int stream = client.open(CALL, true);
            assertThat(client.read(stream).body).isEqualTo("ok");
        }
        assertThat(shop.peers.size()).isGreaterThan(1);
    }

    @Test
    void cancelsTheServersStreamWithTheClients() throws IOException {
        StreamUpstream shop = shop(new Echo());
        StreamClient client = client();
        int stream = client.open(CALL, false);
        client.readHead(stream);
        client.cancel(stream);
        Stage.await(() -> shop.resets.contains("1 CANCEL"));
        assertThat(client.read(finished(client)).body).isEqualTo("x");
        assertThat(shop.peers).hasSize(1);
        assertThat(stage.outcomes.all().getFirst().error()).contains(ErrorCode.CLIENT_CLOSED);
    }

    @Test
    void holdsALargeAnswerBackWhileTheClientDoesNotRead() throws IOException {
        int length = 4 * 1024 * 1024;
        shop((peer, stream, _, _) -> peer.answer(stream, "HTTP/1.1 200 OK||", "x".repeat(length)));
        StreamClient client = client();
        int stream = client.open(CALL, true);
        assertThat(client.read(stream).body).hasSize(length);
    }

    @Test
    void passesALargeRequestWithAClosedWindowNowAndThen() throws IOException {
        int length = 4 * 1024 * 1024;
        AtomicInteger received = new AtomicInteger();
        shop(new StreamUpstream.Script() {
            @Override
            public void head(StreamUpstream.Peer peer, int stream, String head, boolean end) {}

            @Override
            public void data(StreamUpstream.Peer peer, int stream, String data, boolean end) {
                received.addAndGet(data.length());
                if (end) {
                    peer.answer(stream, "HTTP/1.1 200 OK||", "all");
                }
            }
        });
        StreamClient client = client();
        int stream = client.open(CALL, false);
        assertThat(client.data(stream, "x".repeat(length), true).read(stream).body)
                .isEqualTo("all");
        assertThat(received.get()).isEqualTo(length);
    }

    @Test
    void passesTrailersUpstream() throws IOException {
        List<String> trailers = new CopyOnWriteArrayList<>();
        shop(new StreamUpstream.Script() {
            @Override
            public void head(StreamUpstream.Peer peer, int stream, String head, boolean end) {}

            @Override
            public void trailers(StreamUpstream.Peer peer, int stream, String lines) {
                trailers.add(lines);
                peer.answer(stream, "HTTP/1.1 200 OK||", "ok");
            }
        });
        StreamClient client = client();
        int stream = client.open(CALL, false);
        client.data(stream, "x", false).trailers(stream, "x-sum: 1|");
        assertThat(client.read(stream).body).isEqualTo("ok");
        assertThat(trailers).containsExactly("x-sum: 1|");
    }
}
