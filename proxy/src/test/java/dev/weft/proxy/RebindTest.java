package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The port of a pod whose program starts again elsewhere closes and opens at once, while children are being started. */
class RebindTest {

    @Test
    void opensAPortAgainWhileAChildStillHasACopyOfIt() throws IOException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Thread starting = Thread.ofPlatform().start(() -> start(over));
        try (Stage stage = new Stage()) {
            int outbound = Ports.free();
            int inbound = Ports.free();
            for (int run = 0; run < 200; run++) {
                stage.scene.pod("crasher", "127.0.0.1", outbound, inbound, 20_000 + run);
                stage.show();
                assertThat(stage.proxy.problems()).isEmpty();
            }
        } finally {
            over.set(true);
            starting.join();
        }
    }

    private static void start(AtomicBoolean over) {
        while (!over.get()) {
            try {
                new ProcessBuilder("true").start().waitFor();
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
