package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody may say in a head, nobody may say behind a body either. */
class TrailersTest {

    private static final String FORGED =
            "l5d-client-id: spiffe://forged|X-Forwarded-Client-Cert: forged|l5d_client_id: forged"
                    + "|weft-error: forged|Content-Length: 99|Transfer-Encoding: forged|x-forwarded-for: forged|";
    private static final String BODY = "3|abc|0|" + FORGED + "x-checksum: 7|" + FORGED + "x-other: 8||";

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int inbound = Ports.free();
    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();

    @BeforeEach
    void pods() throws IOException {
        Upstream program = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                bodies.add(chunks(peer));
                peer.send("HTTP/1.1 200 OK|Transfer-Encoding: chunked||" + BODY);
            }
        });
        stage.scene
                .edge(edge)
                .host("shop.test", "quote")
                .host("plain.test", "plain")
                .pod("quote", "127.1.5.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.5.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH))
                .group("plain", Scene.plain(program.port()));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    /** A chunked body with everything that belongs to it. */
    private static String chunks(Client peer) throws IOException {
        StringBuilder all = new StringBuilder();
        boolean trailers = false;
        while (true) {
            StringBuilder line = new StringBuilder();
            while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
                line.append(peer.read(1));
            }
            all.append(line);
            if (trailers && line.toString().equals("\r\n")) {
                return all.toString();
            }
            trailers |= line.toString().equals("0\r\n");
        }
    }

    private String next() throws InterruptedException {
        String body = bodies.poll(60, TimeUnit.SECONDS);
        assertThat(body).isNotNull();
        return body;
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.test", "plain.test"})
    void onlyWhatMayStandThereGoesOnWhetherItComesWholeOrInPieces(String host) throws Exception {
        String sound = "3\r\nabc\r\n0\r\nx-checksum: 7\r\nx-other: 8\r\n\r\n";
        Client client = stage.client(edge);
        for (boolean slowly : new boolean[] {false, true}) {
            client.send("POST / HTTP/1.1|Host: " + host + "|Transfer-Encoding: chunked||");
            if (slowly) {
                for (byte b : BODY.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII)) {
                    client.send(new byte[] {b});
                }
            } else {
                client.send(BODY);
            }
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(chunks(client)).isEqualTo(sound);
            assertThat(next()).isEqualTo(sound);
        }
    }

    @Test
    void aBodyWhoseTrailersAreAllForgedEndsWithoutAny() throws Exception {
        Client client = stage.client(edge)
                .send("POST / HTTP/1.1|Host: plain.test|Transfer-Encoding: chunked||3|abc|0|" + FORGED + "|");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(next()).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
    }

    @Test
    void theNextRequestIsReadWhereTheTrailersEnd() throws Exception {
        String request = "POST / HTTP/1.1|Host: plain.test|Transfer-Encoding: chunked||" + BODY;
        Client client = stage.client(edge).send(request + request + request);
        for (int i = 0; i < 3; i++) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            chunks(client);
            assertThat(next()).contains("x-checksum: 7").doesNotContain("forged");
        }
    }

    @Test
    void malformedTrailersAreRefusedAsBefore() throws IOException {
        Client.Answer answer = stage.client(edge)
                .send("POST / HTTP/1.1|Host: plain.test|Transfer-Encoding: chunked||3|abc|0|l5d client: x||")
                .read();
        assertThat(answer.status()).isEqualTo(400);
    }
}
