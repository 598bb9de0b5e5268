package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak HTTP/2, servers that speak HTTP/1.1. */
class StreamFrontTest {

    private static final String POST = "POST / HTTP/1.1|host: shop.test||";

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

    private void shop(Upstream.Script script) throws IOException {
        Upstream shop = stage.upstream(script);
        stage.scene.host("shop.test", "shop").group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    private StreamClient client() throws IOException {
        return stage.closing(new StreamClient(port));
    }

    @Test
    void passesARequestAndItsAnswer() throws IOException {
        List<String> heads = new ArrayList<>();
        shop((peer, _) -> {
            heads.add(peer.readHead());
            peer.send("HTTP/1.1 200 OK|Content-Length: 5|X-Kept: Yes|Connection: keep-alive||hello");
        });
        StreamClient client = client();
        StreamClient.Answer answer = client.read(client.open("GET /a?b=c HTTP/1.1|host: shop.test|x-one: 1||", true));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head).isEqualTo("HTTP/1.1 200 |content-length: 5|x-kept: Yes||");
        assertThat(answer.body).isEqualTo("hello");
        assertThat(heads.getFirst()).startsWith("GET /a?b=c HTTP/1.1|").contains("host: shop.test|", "x-one: 1|");
    }

    @Test
    void makesChunksOfABodyWhoseLengthIsNotKnown() throws IOException {
        List<String> heads = new ArrayList<>();
        shop((peer, _) -> {
            heads.add(peer.readHead());
            String body = peer.readHead(); // ends with an empty line, as a head does
            peer.send("HTTP/1.1 200 OK|Content-Length: " + body.length() + "||");
            peer.send(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        });
        StreamClient client = client();
        int stream = client.open(POST, false);
        client.data(stream, "0123456789abcdefg", false).trailers(stream, "x-sum: 7|");
        assertThat(client.read(stream).body).isEqualTo("11|0123456789abcdefg|0|x-sum: 7|");
        assertThat(heads.getFirst()).contains("transfer-encoding: chunked|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-sum: 1|", "weft-error: 1|"})
    void leavesTrailersBehindABodyOfKnownLengthOut(String lines) throws IOException {
        shop((peer, _) -> {
            while (true) {
                boolean post = peer.readHead().startsWith("POST");
                peer.send("HTTP/1.1 200 OK|Content-Length: 3||" + (post ? peer.read(3) : "got"));
            }
        });
        StreamClient client = client();
        int stream = client.open("POST / HTTP/1.1|host: shop.test|content-length: 3||", false);
        client.data(stream, "ab", false);
        Stage.await(() -> stage.proxy.queuedBytes() == 0);
        client.data(stream, "c", false).trailers(stream, lines);
        assertThat(client.read(stream).body).isEqualTo("abc");
        assertThat(client.read(client.get("shop.test", "/")).body).isEqualTo("got");
    }

    @Test
    void keepsALengthThatIsKnown() throws IOException {
        List<String> heads = new ArrayList<>();
        shop((peer, _) -> {
            heads.add(peer.readHead());
            peer.send("HTTP/1.1 200 OK|Content-Length: 3||" + peer.read(3));
        });
        StreamClient client = client();
        int stream = client.open("POST / HTTP/1.1|host: shop.test|content-length: 3||", false);
        assertThat(client.data(stream, "abc", true).read(stream).body).isEqualTo("abc");
        assertThat(heads.getFirst()).contains("content-length: 3|").doesNotContain("transfer-encoding");
    }

    @Test
    void takesTheChunksOffAnAnswerAndPassesItsTrailers() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 103 Early Hints|Link: </a>||");
            peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|abc|2;x=y|de|0|X-Sum: 5||");
        });
        StreamClient client = client();
        StreamClient.Answer answer = client.read(client.get("shop.test", "/"));
        assertThat(answer.interim).isEqualTo("HTTP/1.1 103 |link: </a>||");
        assertThat(answer.head).isEqualTo("HTTP/1.1 200 ||");
        assertThat(answer.body).isEqualTo("abcde");
        assertThat(answer.trailers).isEqualTo("x-sum: 5|");
    }

    @Test
    void endsABodyThatLastsUntilTheServerCloses() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK||all of it");
        });
        StreamClient client = client();
        assertThat(client.read(client.get("shop.test", "/")).body).isEqualTo("all of it");
    }

    @Test
    void letsNoStreamWaitForAnother() throws IOException {
        CountDownLatch fast = new CountDownLatch(1);
        shop((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                if (head.startsWith("GET /slow")) {
                    await(fast);
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 2||ok");
            }
        });
        StreamClient client = client();
        int slow = client.get("shop.test", "/slow");
        List<Integer> streams = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            streams.add(client.get("shop.test", "/fast"));
        }
        for (int stream : streams) {
            assertThat(client.read(stream).status()).isEqualTo(200);
        }
        assertThat(client.answer(slow).head).isEmpty();
        fast.countDown();
        assertThat(client.read(slow).body).isEqualTo("ok");
    }

    @Test
    void stopsTheWindowOfAStreamWhoseServerDoesNotReadAndNoOther() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        int length = 8 * 1024 * 1024;
        shop((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                if (head.startsWith("POST")) {
                    await(go);
                    peer.read(length);
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 2||ok");
            }
        });
        StreamClient client = client();
        int large = client.open("POST / HTTP/1.1|host: shop.test|content-length: " + length + "||", false);
        client.data(large, "x".repeat(length), true);
        for (int i = 0; i < 50; i++) {
            assertThat(client.read(client.get("shop.test", "/")).status()).isEqualTo(200);
        }
        assertThat(client.takesMore(large)).isFalse();
        go.countDown();
        assertThat(client.read(large).body).isEqualTo("ok");
    }

    @Test
    void cancelsARequestWhoseStreamIsReset() throws IOException {
        CountDownLatch gone = new CountDownLatch(1);
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 9||abc");
            if (peer.closed()) {
                gone.countDown();
            }
        });
        StreamClient client = client();
        int stream = client.get("shop.test", "/");
        client.readHead(stream);
        client.cancel(stream);
        await(gone);
        Stage.await(() -> !stage.outcomes.all().isEmpty());
        assertThat(stage.outcomes.all().getFirst().error()).contains(ErrorCode.CLIENT_CLOSED);
    }

    @Test
    void resetsAStreamWhoseAnswerIsCutShort() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 9||abc");
        });
        StreamClient client = client();
        int stream = client.get("shop.test", "/");
        assertThat(client.readReset(stream).reset).isEqualTo("INTERNAL_ERROR");
        assertThat(client.read(client.get("nowhere.test", "/")).status()).isEqualTo(404);
    }

    @Test
    void answersItselfOnAStream() throws IOException {
        shop((_, _) -> {});
        StreamClient client = client();
        StreamClient.Answer answer = client.read(client.get("nowhere.test", "/"));
        assertThat(answer.head).contains("weft-error: host-unknown|").doesNotContain("connection");
        assertThat(answer.body).contains("host-unknown");
        assertThat(client.read(client.open("HEAD / HTTP/1.1|host: nowhere.test||", true)).body)
                .isEmpty();
        int large = client.open("POST / HTTP/1.1|host: nowhere.test||", false);
        assertThat(client.read(large).status()).isEqualTo(404);
    }

    @Test
    void endsAnUploadThatNobodyWantsAfterItsAnswer() throws IOException {
        shop((_, _) -> {});
        StreamClient client = client();
        int stream = client.open("POST / HTTP/1.1|host: nowhere.test||", false);
        assertThat(client.read(stream).status()).isEqualTo(404);
        String part = "x".repeat(16 * 1024);
        int parts = 0;
        while (client.answer(stream).reset.isEmpty() && parts < 2_000) {
            if (client.takesMore(stream)) {
                client.data(stream, part, false);
                parts++;
            } else {
                client.readUntil(
                        stream,
                        () -> client.takesMore(stream)
                                || !client.answer(stream).reset.isEmpty());
            }
        }
        assertThat(client.answer(stream).reset).isEqualTo("NO_ERROR");
        assertThat(parts).as("parts of 16 KiB that were taken").isLessThan(200);
        assertThat(client.read(client.get("nowhere.test", "/")).status()).isEqualTo(404);
    }

    @Test
    void readsTheShortRestOfARequestAfterItsAnswer() throws IOException {
        shop((_, _) -> {});
        StreamClient client = client();
        int stream = client.open("POST / HTTP/1.1|host: nowhere.test||", false);
        assertThat(client.read(stream).status()).isEqualTo(404);
        client.data(stream, "late", true);
        assertThat(client.read(client.get("nowhere.test", "/")).status()).isEqualTo(404);
        assertThat(client.answer(stream).reset).isEmpty();
    }

    @Test
    void leavesThoughAnAnsweredRequestNeverEnds() throws IOException {
        shop((_, _) -> {});
        StreamClient client = client();
        int stream = client.open("POST / HTTP/1.1|host: nowhere.test||", false);
        assertThat(client.read(stream).status()).isEqualTo(404);
        Thread draining = Thread.ofVirtual().start(() -> stage.proxy.drain(Duration.ofSeconds(30)));
        assertThat(client.readGoAway()).isEqualTo(stream);
        joined(draining);
    }

    @Test
    void refusesALargeHeadOnItsStreamAlone() throws IOException {
        shop((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 2||ok");
        });
        StreamClient client = client();
        String head = "GET / HTTP/1.1|host: shop.test|";
        int stream = client.open(head + "x: y|".repeat(300) + "|", true);
        assertThat(client.read(stream).status()).isEqualTo(431);
        assertThat(client.read(client.get("shop.test", "/")).status()).isEqualTo(200);
    }

    @Test
    void answersInTimeWhenTheServerDoesNot() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        Upstream slow = stage.upstream((peer, _) -> {
            peer.readHead();
            await(end);
        });
        stage.scene
                .host("shop.test", "shop", Duration.ofMillis(100), dev.weft.model.policy.RetryPolicy.NONE)
                .group("shop", Scene.plain(slow.port()));
        stage.show();
        StreamClient client = client();
        assertThat(client.read(client.get("shop.test", "/")).status()).isEqualTo(504);
        end.countDown();
    }

    @Test
    void letsStreamsEndWhenItLeaves() throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        shop((peer, _) -> {
            peer.readHead();
            asked.countDown();
            await(answer);
            peer.send("HTTP/1.1 200 OK|Content-Length: 2||ok");
        });
        StreamClient client = client();
        int stream = client.get("shop.test", "/");
        await(asked);
        Thread draining = Thread.ofVirtual().start(() -> stage.proxy.drain(Duration.ofSeconds(10)));
        Stage.await(() -> stage.proxy.ports().isEmpty());
        answer.countDown();
        assertThat(client.readGoAway()).isEqualTo(stream);
        assertThat(client.answer(stream).body).isEqualTo("ok");
        joined(draining);
    }

    private static void joined(Thread thread) {
        try {
            assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
