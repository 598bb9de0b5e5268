package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.EdgeRules;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one client's connection may carry, as declared. */
class MessageLimitsTest {

    private static final ClientLimits.Messages USUAL = ClientLimits.Messages.DEFAULT;
    private static final String POST = "POST / HTTP/1.1|Host: shop.test|Transfer-Encoding: chunked||";

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void limits(ClientLimits.Messages limits, Upstream shop) {
        stage.scene
                .edge(port)
                .rules(EdgeRules.DEFAULT.with(ClientLimits.DEFAULT.with(limits)))
                .host("shop.test", "shop", Duration.ofSeconds(60), RetryPolicy.NONE)
                .group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    private Upstream shop() throws IOException {
        return stage.upstream((peer, _) -> {
            while (true) {
                if (peer.readHead().contains("chunked")) {
                    StringBuilder body = new StringBuilder();
                    while (body.indexOf("0\r\n\r\n") < 0 && body.indexOf(": x\r\n\r\n") < 0) {
                        body.append(peer.read(1));
                    }
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 2||ok");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"20, 200", "21, 400"})
    void chunksMayHaveExtensionsOfSoManyBytes(int length, int status) throws IOException {
        limits(new ClientLimits.Messages(20, 1_000, 65_536, 0), shop());
        Client client = stage.client(port).send(POST + "1;" + "e".repeat(length) + "|x|0||");
        expect(client.read(), status);
    }

    @ParameterizedTest
    @CsvSource({"90, 200", "110, 400"})
    void trailersMayHaveSoManyBytes(int length, int status) throws IOException {
        limits(new ClientLimits.Messages(20, 100, 65_536, 0), shop());
        Client client = stage.client(port).send(POST + "1|x|0|" + "t".repeat(length - 7) + ": x||");
        expect(client.read(), status);
        StreamClient streams = stage.closing(new StreamClient(port));
        int stream = streams.open("POST / HTTP/1.1|host: shop.test||", false);
        streams.trailers(stream, "t".repeat(length - 7) + ": x|");
        assertThat(streams.read(stream).status()).isEqualTo(status);
    }

    private static void expect(Client.Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.has("weft-error: " + ErrorCode.BAD_REQUEST.code())).isEqualTo(status == 400);
    }

    @ParameterizedTest
    @CsvSource({"4096, 70000", "1048576, 1200000"})
    void anAnswerWaitsWithSoManyBytes(int least, int most) throws IOException {
        Upstream shop = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 1000000000||");
            byte[] part = new byte[64 * 1024];
            while (peer.takes(part)) {}
        });
        limits(new ClientLimits.Messages(0, 100, least, 0), shop);
        stage.client(port).send("GET / HTTP/1.1|Host: shop.test||"); // and reads nothing
        long[] last = {0, 0}; // bytes, and how often they were as many
        Stage.await(() -> {
            long now = stage.proxy.queuedBytes();
            last[1] = now >= least && now == last[0] ? last[1] + 1 : 0;
            last[0] = now;
            return last[1] >= 20; // the machine's own buffers are full
        });
        assertThat(last[0]).isBetween((long) least, (long) most);
    }

    @Test
    void theLastRequestOfAConnectionIsAnsweredWithClose() throws IOException {
        limits(new ClientLimits.Messages(20, 100, 65_536, 3), shop());
        String get = "GET / HTTP/1.1|Host: shop.test||";
        Client client = stage.client(port).send(get + get + get + get);
        for (int i = 1; i <= 3; i++) {
            Client.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.has("connection: close")).as("answer %d", i).isEqualTo(i == 3);
        }
        assertThat(client.closed()).isTrue();
    }

    @Test
    void thereMayBeAnyNumberOfRequests() throws IOException {
        limits(USUAL, shop());
        Client client = stage.client(port);
        for (int i = 0; i < 1_100; i++) {
            assertThat(client.send("GET / HTTP/1.1|Host: shop.test||").read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void afterTheLastRequestHttp2SaysGoodbye() throws IOException {
        limits(new ClientLimits.Messages(20, 100, 65_536, 3), shop());
        StreamClient client = stage.closing(new StreamClient(port));
        for (int i = 0; i < 3; i++) {
            assertThat(client.read(client.get("shop.test", "/")).status()).isEqualTo(200);
        }
        client.readGoAway();
    }
}
