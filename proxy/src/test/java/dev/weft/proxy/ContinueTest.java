package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.SessionOptions;
import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that send their body only once the program has said 100 (RFC 9110 section 10.1.1), through one hop and two. */
class ContinueTest {

    enum Way {
        EDGE,
        MESH
    }

    private static final String HEAD = "POST / HTTP/1.1|host: shop|content-length: 4|expect: 100-continue||";

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private Upstream program;

    @BeforeEach
    void open() throws IOException {
        int inbound = Ports.free();
        program = stage.upstream((peer, _) -> {
            String head = peer.readHead();
            if (head.contains("refuse: me")) {
                peer.send("HTTP/1.1 417 Expectation Failed|Content-Length: 0||");
                return;
            }
            peer.send("HTTP/1.1 100 Continue||");
            peer.send("HTTP/1.1 200 OK|Content-Length: 4||" + peer.read(4));
        });
        stage.scene
                .edge(edge)
                .host("shop", "shop")
                .pod("hello", "127.1.4.1", outbound, Ports.free(), 1)
                .pod("shop", "127.1.4.2", Ports.free(), inbound, program.port())
                .group(
                        "shop",
                        new Endpoint(
                                "127.1.4.2", inbound, Optional.of(Scene.workload("shop")), Endpoint.Transport.MESH));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private static String address(Way way) {
        return way == Way.EDGE ? "127.0.0.1" : "127.1.4.1";
    }

    private Client client(Way way) throws IOException {
        return stage.client(address(way), way == Way.EDGE ? edge : outbound);
    }

    private StreamClient streams(Way way) throws IOException {
        return stage.closing(new StreamClient(
                new Socket(InetAddress.ofLiteral(address(way)), way == Way.EDGE ? edge : outbound),
                SessionOptions.DEFAULT.scheme("http")));
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatWaitsForThe100GetsIt(Way way) throws IOException {
        Client client = client(way).send(HEAD);
        assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
        Client.Answer answer = client.send("body").read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("body");
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatWaitsForThe100GetsIt(Way way) throws IOException {
        StreamClient client = streams(way);
        int stream = client.open(HEAD, false);
        assertThat(client.readUntil(stream, () -> !client.answer(stream).interim.isEmpty()).interim)
                .isEqualTo("HTTP/1.1 100 ||");
        assertThat(client.data(stream, "body", true).read(stream).body).isEqualTo("body");
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatIsRefusedInPlaceOfThe100SendsNothing(Way way) throws IOException {
        Client client = client(way).send(HEAD.replace("||", "|refuse: me||"));
        Client.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(417);
        assertThat(answer.has("connection: close"))
                .as("nobody knows whether the body comes")
                .isTrue();
        assertThat(client.closed()).isTrue();
    }
}
