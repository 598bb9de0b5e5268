package dev.weft.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port for what is told its port before it listens. */
public final class FreePort {

    private FreePort() {}

    /** Below those that the kernel gives to whoever asks for any, so that no server of the test gets it in between. */
    public static int find() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket _ = new ServerSocket(port)) {
                return port;
            } catch (IOException _) {
                // taken: another one
            }
        }
    }
}
