package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.HeadLimits;
import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What heads within the mesh may cost, as declared; both proxies on a call's way go by it. */
class MeshHeadsTest {

    private static final String LARGE = "x".repeat(100 * 1024);
    private static final HeadLimits MUCH = new HeadLimits(128 * 1024, 64 * 1024, 1000);

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();

    @BeforeEach
    void pods() throws IOException {
        int inbound = Ports.free();
        Upstream program = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                String large = head.startsWith("GET /large ") ? LARGE : "little";
                peer.send("HTTP/1.1 200 OK|x-heard: " + head.length() + "|x-large: " + large + "|Content-Length: 0||");
            }
        });
        stage.scene
                .pod("hello", "127.1.11.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.11.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.11.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client.Answer ask(String target, String fields) throws IOException {
        return stage.client("127.1.11.1", outbound)
                .send("GET " + target + " HTTP/1.1|Host: quote|" + fields + "|")
                .read();
    }

    private static String field(int length) {
        return "x-long: " + "y".repeat(length) + "|";
    }

    @ParameterizedTest
    @CsvSource({"7000, 10, 5, 200", "9000, 10, 5, 431", "10, 900, 5, 200", "10, 1100, 5, 414", "10, 10, 60, 431"})
    void mayCostLess(int fieldBytes, int targetBytes, int fields, int status) throws IOException {
        stage.scene.meshHeads(new HeadLimits(8 * 1024, 1024, 50));
        stage.show();
        String many = "a: b|".repeat(fields);
        assertThat(ask("/" + "t".repeat(targetBytes), field(fieldBytes) + many).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"102400, 10, 5", "10, 40000, 5", "10, 10, 600"})
    void mayCostMore(int fieldBytes, int targetBytes, int fields) throws IOException {
        String target = "/" + "t".repeat(targetBytes);
        String all = field(fieldBytes) + "a: b|".repeat(fields);
        assertThat(ask(target, all).status()).isIn(414, 431);
        stage.scene.meshHeads(MUCH);
        stage.show();
        assertThat(ask(target, all).status()).isEqualTo(200);
    }

    @Test
    void ofAnswersMayCostMoreToo() throws IOException {
        assertThat(ask("/large", "").status()).isEqualTo(502);
        stage.scene.meshHeads(MUCH);
        stage.show();
        assertThat(ask("/large", "").head()).contains("x-large: " + LARGE + "|");
    }
}
