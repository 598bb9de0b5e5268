package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.BalancerState;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.LiveConnection.Side;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every connection of every hop is told of once, with its bytes while it lives, and its end. */
class LiveConnectionsTest {

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void quote(int program) {
        stage.scene
                .edge(edge)
                .host("quote.test", "quote")
                .pod("hello", "127.1.3.1", Ports.free(), Ports.free(), 1)
                .pod("quote", "127.1.3.2", Ports.free(), inbound, program)
                .outlet("hello", outlet, "quote")
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.3.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        stage.show();
    }

    private LiveConnection only(Predicate<LiveConnection> which) {
        return java.util.stream.Stream.concat(stage.outcomes.live().stream(), stage.outcomes.gone().keySet().stream())
                .filter(which)
                .reduce((one, other) -> {
                    throw new AssertionError(one + " and " + other);
                })
                .orElseThrow();
    }

    private static Predicate<LiveConnection> at(Hop hop, Side side) {
        return connection -> connection.hop() == hop && connection.side() == side;
    }

    @Test
    void requestsShareConnectionsThatAreToldOfOnce() throws IOException {
        quote(stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello").port());
        String get = "GET / HTTP/1.1|Host: quote.test||";
        Client client = stage.client(edge);
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(get).read().body()).isEqualTo("hello");
        }

        assertThat(stage.outcomes.live()).hasSize(4);
        LiveConnection accepted = only(at(Hop.EDGE, Side.ACCEPTED));
        assertThat(accepted.bytesRead().getAsLong())
                .isEqualTo(3L * get.replace("|", "\r\n").length());
        assertThat(accepted.bytesWritten().getAsLong()).isGreaterThan(3 * 40);
        LiveConnection made = only(at(Hop.EDGE, Side.MADE));
        LiveConnection other = only(at(Hop.INBOUND, Side.ACCEPTED));
        assertThat(made.peer().tlsVersion()).isEqualTo("TLSv1.3");
        assertThat(made.bytesWritten().getAsLong()).isEqualTo(other.bytesRead().getAsLong());
        assertThat(made.bytesRead().getAsLong()).isEqualTo(other.bytesWritten().getAsLong());
        assertThat(only(at(Hop.INBOUND, Side.MADE)).endpoint()).isPresent();

        client.close();
        Stage.await(() -> stage.outcomes.gone().containsKey(accepted));
        assertThat(stage.outcomes.gone()).containsExactlyEntriesOf(Map.of(accepted, new LiveConnection.End(true, "")));
    }

    @Test
    void aStreamIsToldOfLikeAnyOtherConnectionAndABrokenOneAsBroken() throws IOException {
        quote(stage.upstream((peer, _) -> {
                    peer.send(peer.read(4));
                    assertThat(peer.closed()).isTrue();
                })
                .port());
        stage.scene.speaks("quote", DeclaredProtocol.Kind.OPAQUE, Duration.ZERO);
        stage.show();
        Client client = stage.client("127.1.3.1", outlet).send("PING");
        assertThat(client.read(4)).isEqualTo("PING");

        assertThat(stage.outcomes.live()).hasSize(4);
        LiveConnection accepted = only(at(Hop.OUTBOUND, Side.ACCEPTED));
        assertThat(accepted.bytesRead().getAsLong()).isEqualTo(4);
        assertThat(accepted.bytesWritten().getAsLong()).isEqualTo(4);
        assertThat(only(at(Hop.OUTBOUND, Side.MADE)).service()).contains(Scene.service("quote"));

        client.socket().setSoLinger(true, 0);
        client.close();
        Stage.await(() -> stage.outcomes.live().isEmpty());
        assertThat(stage.outcomes.gone().get(accepted)).isEqualTo(new LiveConnection.End(false, "ECONNRESET"));
    }

    @Test
    void theProxyTellsHowItsEndpointsAre() throws IOException {
        quote(1);
        assertThat(stage.proxy.balancers()).containsExactly(new BalancerState(Scene.service("quote"), 1, 0, 0, 0));
    }
}
