package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients and servers that send in pieces, leave in the middle, break the protocol, are slow: whatever they do, each
 * request ends exactly once, nothing stays behind, and the next one is served.
 */
class StormTest {

    private static final int CLIENTS = 24;
    private static final int REQUESTS = 25;

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void endsEveryRequestOnce(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom servers = random.split();
        Upstream wild = stage.upstream((peer, number) -> {
            SplittableRandom own = new SplittableRandom(seed * 1_000_000 + number);
            for (int i = own.nextInt(1, 8); i > 0; i--) {
                serve(peer, own);
            }
        });
        Upstream tame = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        int limit = servers.nextInt(3);
        stage.scene
                .edge(port)
                .host("shop.test", "shop", Duration.ofMillis(300), RetryPolicy.DEFAULT)
                .host("calm.test", "calm")
                .group(new EndpointGroup(
                        Scene.service("shop"),
                        List.of(Scene.plain(wild.port()), Scene.plain(tame.port())),
                        true,
                        limit * 4))
                .group("calm", Scene.plain(tame.port()));
        stage.show();
        CountDownLatch done = new CountDownLatch(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            SplittableRandom own = random.split();
            Thread.ofVirtual().start(() -> {
                try {
                    for (int j = 0; j < REQUESTS; j++) {
                        client(own);
                    }
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        Stage.await(() -> stage.proxy.inFlight() == 0);
        Stage.await(() -> stage.outcomes.routed() == stage.outcomes.endedWithService());
        assertThat(stage.outcomes.all())
                .extracting(Outcome::error)
                .noneMatch(error -> error.equals(java.util.Optional.of(ErrorCode.INTERNAL)));
        assertThat(stage.client(port)
                        .send("GET / HTTP/1.1|Host: calm.test||")
                        .read()
                        .body())
                .isEqualTo("hello");
    }

    private void client(SplittableRandom random) {
        try (Client client = Client.at(port)) {
            String text = request(random);
            byte[] bytes = text.replace("|", "\r\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length;
            int at = 0;
            while (at < length) {
                int step = Math.min(length - at, random.nextInt(1, random.nextBoolean() ? 20 : 5_000));
                client.send(java.util.Arrays.copyOfRange(bytes, at, at + step));
                at += step;
            }
            if (length == bytes.length && random.nextInt(4) > 0) {
                client.read(text.startsWith("HEAD"));
            } else if (random.nextBoolean()) {
                LockSupport.parkNanos(random.nextInt(3_000_000));
            }
        } catch (IOException _) {
            // being cut off is part of the storm
        }
    }

    private static String request(SplittableRandom random) {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            String head = "/ HTTP/1.1|Host: " + (random.nextInt(10) == 0 ? "nobody" : "shop.test") + "|";
            all.append(
                    switch (random.nextInt(7)) {
                        case 0 -> "POST " + head + "Content-Length: 5||hello";
                        case 1 -> "PUT " + head + "Transfer-Encoding: chunked||5|hello|0||";
                        case 2 -> "PUT " + head + "Content-Length: 100000||" + "x".repeat(100_000);
                        case 3 -> "PUT " + head + "Transfer-Encoding: chunked||5|hel|broken";
                        case 4 -> "HEAD " + head + "|";
                        default -> "GET " + head + "|";
                    });
        }
        return all.toString();
    }

    private static void serve(Client peer, SplittableRandom random) throws IOException {
        String head = peer.readHead();
        String body = head.startsWith("HEAD") ? "" : "hello";
        switch (random.nextInt(9)) {
            case 0 -> throw new IOException("leaves without an answer");
            case 1 -> peer.send("HTTP/1.1 200 OK|Content-Len");
            case 2 -> peer.send("HTTP/1.1 200 OK|Content-Length: 50||" + body);
            case 3 -> peer.send("nonsense|||||");
            case 4 -> LockSupport.parkNanos(310_000_000);
            case 5 -> peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|0||unasked");
            case 6 -> {
                peer.send("HTTP/1.1 100 Continue||HTTP/1.1 200 OK|Content-");
                peer.send("Length: 5||" + body);
            }
            default -> peer.send("HTTP/1.1 200 OK|Content-Length: 5||" + body);
        }
    }
}
