package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.RouteFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits on connections hold for those that outlive their request, and for those that never were one. */
class HeldConnectionsTest {

    private static final String UPGRADE =
            "GET / HTTP/1.1|Host: chat.test|Connection: upgrade|Upgrade: chat|X-Pad: 0123456789||";

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outlet = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void chat(ConnectionLimits limits) throws IOException {
        Upstream chat = stage.upstream((peer, _) -> {
            if (peer.in().read() == 'G') {
                peer.readHead();
                peer.send("HTTP/1.1 101 Switching Protocols|Connection: upgrade|Upgrade: chat||");
            }
            peer.send("!");
            assertThat(peer.closed()).isTrue();
        });
        TrafficPolicy policy = new TrafficPolicy(
                Balancing.PEAK_EWMA, Duration.ZERO, TrafficPolicy.Zones.ANY, CircuitBreaking.OFF, limits, false);
        stage.scene
                .edge(edge)
                .pod("hello", "127.1.3.1", Ports.free(), Ports.free(), 1)
                .outlet("hello", outlet, "chat")
                .group(new EndpointGroup(Scene.service("chat"), List.of(Scene.plain(chat.port())), false, 0)
                        .with(policy))
                .speaks("chat", DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE)
                .host(
                        "chat.test",
                        "chat",
                        Duration.ofSeconds(5),
                        RetryPolicy.DEFAULT,
                        new RouteFilter.AllowUpgrade(List.of("*")));
        stage.show();
    }

    private Client stream() throws IOException {
        return stage.client("127.1.3.1", outlet).send("x");
    }

    @Test
    void aConnectionThatSwitchedItsProtocolIsHeldUntilItEnds() throws IOException {
        chat(new ConnectionLimits(1, 0, 10, 0));
        Client first = stage.client(edge).send(UPGRADE);
        assertThat(first.readHead()).startsWith("HTTP/1.1 101");

        Client.Answer refused = stage.client(edge).send(UPGRADE).read();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.has("weft-error: limit-reached")).isTrue();

        first.close();
        stage.outcomes.nextConnection(Hop.EDGE);
        assertThat(stage.client(edge).send(UPGRADE).readHead()).startsWith("HTTP/1.1 101");
    }

    @Test
    void anOpaqueStreamHoldsAConnection() throws IOException {
        chat(new ConnectionLimits(1, 0, 10, 0));
        Client first = stream();
        assertThat(first.read(1)).isEqualTo("!");

        assertThat(stage.client("127.1.3.1", outlet).closed()).isTrue();
        ConnectionOutcome refused = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(refused.error()).contains(ErrorCode.LIMIT_REACHED);

        first.close();
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).error()).isNotEqualTo(refused.error());
        assertThat(stage.proxy.inFlight()).isZero(); // behind the turn that told of it
        assertThat(stream().read(1)).isEqualTo("!");
    }

    @Test
    void anOpaqueStreamWaitsForOneToEnd() throws IOException {
        chat(new ConnectionLimits(1, 1, 10, 0));
        Client first = stream();
        assertThat(first.read(1)).isEqualTo("!");
        Client second = stream();
        stage.awaitRouted(2);
        assertThat(stage.client("127.1.3.1", outlet).closed()).isTrue();

        first.close();
        assertThat(second.read(1)).isEqualTo("!");
    }
}
