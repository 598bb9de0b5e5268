package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.h2.SessionOptions;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.Http2Limits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one connection in HTTP/2 may have under way at the edge, as declared. */
class Http2LimitsTest {

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    /** A service that reads what it is sent and never answers. */
    private void silent(EdgeListener listener, Http2Limits limits) throws IOException {
        Upstream shop = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.read(Integer.MAX_VALUE);
        });
        stage.scene
                .edge(listener)
                .rules(EdgeRules.DEFAULT.with(ClientLimits.DEFAULT.with(0, limits)))
                .host("shop.test", "shop", Duration.ofSeconds(60), RetryPolicy.NONE)
                .group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    private EdgeListener listener(int streamsMax) {
        return new EdgeListener(
                "http", Scene.SOURCE, "127.0.0.1", port, false, List.of(), List.of(), true, 0, streamsMax, List.of());
    }

    private StreamClient client() throws IOException {
        return stage.closing(new StreamClient(port)).settle();
    }

    @Test
    void holdForTheWholeEdgeWhereAListenerSaysNothing() throws IOException {
        silent(listener(0), Http2Limits.DEFAULT.withStreamsMax(3));
        assertThat(client().streamsAllowed).isEqualTo(3);
    }

    @Test
    void areTheListenersOwnWhereItSaysSo() throws IOException {
        silent(listener(2), Http2Limits.DEFAULT);
        assertThat(client().streamsAllowed).isEqualTo(2);
    }

    @Test
    void letAsMuchOfABodyComeAsItsWindowIsLarge() throws IOException {
        silent(listener(0), new Http2Limits(100, 300_000, 1 << 20, 0, 250, Duration.ofSeconds(1)));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        SessionOptions options = SessionOptions.DEFAULT.scheme("http");
        StreamClient client = stage.closing(new StreamClient(socket, options)).settle();
        int stream = client.open("POST / HTTP/1.1|host: shop.test||", false);
        client.data(stream, "x".repeat(250_000), false);
        assertThat(client.takesMore(stream)).isTrue();
        client.data(stream, "x".repeat(100_000), false);
        assertThat(client.takesMore(stream)).isFalse();
    }

    @Test
    void endAConnectionThatGivesUpMoreThanItMay() throws IOException {
        silent(listener(0), new Http2Limits(100, 65_535, 1 << 20, 0, 5, Duration.ofSeconds(30)));
        StreamClient client = client();
        for (int i = 0; i < 10; i++) {
            client.cancel(client.get("shop.test", "/"));
        }
        client.readGoAway();
        assertThatThrownBy(() -> client.read(client.get("shop.test", "/"))).isInstanceOf(IOException.class);
    }
}
