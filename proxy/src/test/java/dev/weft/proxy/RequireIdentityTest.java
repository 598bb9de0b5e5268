package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that names whom it wants to talk to talks to nobody else. */
class RequireIdentityTest {

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();
    private Upstream program;

    @BeforeEach
    void pods() throws IOException {
        program = stage.answering("HTTP/1.1 200 OK|Content-Length: 0||");
        stage.scene
                .pod("hello", "127.1.10.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.10.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.10.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH))
                .group("plain", Scene.plain(program.port()));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client.Answer call(String service, String demands) throws IOException {
        return stage.client("127.1.10.1", outbound)
                .send("GET / HTTP/1.1|Host: " + service + "|" + demands + "|")
                .read();
    }

    private void refused(Client.Answer answer) {
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.has("weft-error: identity-unmet")).isTrue();
        assertThat(program.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://cluster.local/ns/default/sa/quote",
                "quote.default.serviceaccount.identity.linkerd.cluster.local"
            })
    void getsWhomItNames(String identity) throws IOException {
        assertThat(call("quote", "L5d-Require-Id: " + identity + "|").status()).isEqualTo(200);
        assertThat(program.heads().getFirst()).doesNotContainIgnoringCase("require-id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://cluster.local/ns/default/sa/other",
                "spiffe://elsewhere/ns/default/sa/quote",
                "quote.other.serviceaccount.identity.linkerd.cluster.local",
                "quote"
            })
    void getsNobodyElse(String identity) throws IOException {
        refused(call("quote", "l5d-require-id: " + identity + "|"));
        Outcome outcome = stage.outcomes.next(Hop.OUTBOUND);
        assertThat(outcome.decisions().toString())
                .contains("The caller demands " + identity)
                .contains(Scene.workload("quote").identity().uri());
        assertThat(call("quote", "").status()).isEqualTo(200);
    }

    @Test
    void getsNobodyWhoProvesNothing() throws IOException {
        refused(call("plain", "l5d-require-id: spiffe://cluster.local/ns/default/sa/plain|"));
    }

    @Test
    void isNotTakenAtHalfItsWord() throws IOException {
        String one = "l5d-require-id: spiffe://cluster.local/ns/default/sa/quote|";
        refused(call("quote", "l5d-require-id: |"));
        refused(call("quote", one + "l5d-require-id: spiffe://cluster.local/ns/default/sa/other|"));
        Client tunnel =
                stage.client("127.1.10.1", outbound).send("CONNECT quote:80 HTTP/1.1|Host: quote:80|" + one + "|");
        refused(tunnel.read());
    }
}
