package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.proxy.network.Networks;
import dev.weft.proxy.network.PodNetwork;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The moment in which a listener is still open that the newest snapshot does not declare any more. */
class GoneListenerTest {

    /** Stops the proxy between showing a snapshot to its loops and closing what the snapshot does not want. */
    private static final class Stopping implements Networks {

        private static final int BEFORE_THE_LOOPS_KNOW = 1;

        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        volatile boolean armed;
        private int asked;

        @Override
        public synchronized Optional<PodNetwork> of(String pod) {
            if (armed && asked++ == BEFORE_THE_LOOPS_KNOW) {
                reached.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return Optional.empty();
        }
    }

    private final Stopping networks = new Stopping();
    private final Stage stage = new Stage(networks);
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        networks.goOn.countDown();
        stage.close();
    }

    @Test
    void servesNobody() throws Exception {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .pod("hello", "127.1.3.9", Ports.free(), Ports.free(), 1)
                .edge(port)
                .host("shop.test", "shop")
                .group("shop", Scene.plain(shop.port()));
        stage.show();
        assertThat(stage.client(port)
                        .send("GET / HTTP/1.1|Host: shop.test||")
                        .read()
                        .status())
                .isEqualTo(200);

        networks.armed = true;
        stage.scene.noEdge(port);
        stage.scene.show();
        networks.reached.await();
        stage.client(port).send("GET / HTTP/1.1|Host: shop.test||");
        RefusedConnection refused = stage.outcomes.nextRefused();
        assertThat(refused.error()).isEqualTo(ErrorCode.DRAINING);
        assertThat(refused.detail()).contains("http-" + port, "not declared any more");
        assertThat(shop.heads()).hasSize(1);
    }
}
