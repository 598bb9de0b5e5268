package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A snapshot that the proxy cannot follow is a problem to be seen, and the one before it goes on. */
class FollowingTest {

    private static final String CALL = "GET / HTTP/1.1|Host: shop.test||";

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @Test
    void saysThatItCannotFollowUntilItCan() throws IOException {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||ok");
        stage.scene.edge(port).host("shop.test", "shop").group("shop", Scene.plain(shop.port()));
        stage.show();

        // longer than the clock counts, which the control plane never lets through
        CircuitBreaking endless = new CircuitBreaking(
                7,
                Optional.of(new CircuitBreaking.SuccessRate(80, Duration.ofSeconds(Long.MAX_VALUE), 5)),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                0,
                50,
                50);
        EndpointGroup group = new EndpointGroup(Scene.service("shop"), List.of(Scene.plain(shop.port())), false, 0);
        stage.scene.group(group.with(new TrafficPolicy(
                Balancing.PEAK_EWMA, Duration.ZERO, TrafficPolicy.Zones.ANY, endless, ConnectionLimits.NONE, false)));
        stage.scene.show();
        Stage.await(() -> !stage.proxy.problems().isEmpty());
        assertThat(stage.proxy.problems().getFirst().reason()).isEqualTo("SnapshotFailed");
        assertThat(stage.client(port).send(CALL).read().status()).isEqualTo(200);

        stage.scene.group(group);
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }
}
