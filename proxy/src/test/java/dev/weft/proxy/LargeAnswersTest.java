package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in the same read as the head, and after it, is the answer's own: none of it lost, doubled or another's. */
class LargeAnswersTest {

    /** More than there are loops, so that some share one. */
    private static final int CLIENTS = 6;

    private static final int PART = 40 * 1024;

    private final Stage stage = new Stage();
    private final int edge = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void shop(Upstream.Script script) throws IOException {
        Upstream program = stage.upstream(script);
        int inbound = Ports.free();
        stage.scene
                .edge(edge)
                .host("plain.test", "plain")
                .host("mesh.test", "mesh")
                .pod("mesh", "127.1.9.1", Ports.free(), inbound, program.port())
                .group("plain", Scene.plain(program.port()))
                .group(
                        "mesh",
                        new Endpoint(
                                "127.1.9.1", inbound, Optional.of(Scene.workload("mesh")), Endpoint.Transport.MESH));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    /** Says of every place in it which answer it is of, and where in it. */
    private static String part(String name, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(name).append('.').append(text.length()).append('_');
        }
        return text.substring(0, length);
    }

    private static String name(String head) {
        int from = head.indexOf("/") + 1;
        return head.substring(from, head.indexOf(' ', from));
    }

    private static void together(CyclicBarrier barrier) throws IOException {
        try {
            var _ = barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) { // as many kinds as a barrier has
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.test", "mesh.test"})
    void thatOverlapStayApart(String host) throws IOException {
        CyclicBarrier begun = new CyclicBarrier(CLIENTS);
        shop((peer, _) -> {
            for (int round = 0; round < 2; round++) {
                String name = name(peer.readHead());
                String body = part(name, 2 * PART);
                String head = "HTTP/1.1 200 OK|x-name: " + part(name, 3000) + "|Content-Length: " + body.length();
                peer.send(head + "||" + body.substring(0, PART));
                together(begun);
                peer.send(body.substring(PART));
            }
        });
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(stage.client(edge));
        }
        for (String round : List.of("first", "second")) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).send("GET /" + round + i + " HTTP/1.1|Host: " + host + "||");
            }
            for (int i = 0; i < CLIENTS; i++) {
                Client.Answer answer = clients.get(i).read();
                assertThat(answer.head()).contains("x-name: " + part(round + i, 3000) + "|");
                assertThat(answer.body()).isEqualTo(part(round + i, 2 * PART));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 1023, 1024, 1025, 3000, 20_000})
    void beginWhereverTheirHeadEnds(int padding) throws IOException {
        shop((peer, _) -> {
            while (true) {
                String name = name(peer.readHead());
                String head = "HTTP/1.1 103 Early Hints|Link: </a>||HTTP/1.1 200 OK|x-padding: " + "p".repeat(padding);
                String body = part(name, PART);
                boolean chunked = name.startsWith("chunked");
                String framing = chunked ? "Transfer-Encoding: chunked||" : "Content-Length: " + body.length() + "||";
                String framed = Integer.toHexString(body.length()) + "|" + body + "|0||";
                peer.send(head + "|" + framing + (chunked ? framed : body));
            }
        });
        Client client = stage.client(edge);
        for (String name : List.of("plain1", "chunked1", "plain2", "chunked2")) {
            client.send("GET /" + name + " HTTP/1.1|Host: plain.test||");
            assertThat(client.read().status()).isEqualTo(103);
            assertThat(client.read().body()).isEqualTo(part(name, PART));
        }
    }
}
