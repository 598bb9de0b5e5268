package dev.weft.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A port for what is told its port before it listens. */
public final class FreePort {

    private static final int FIRST = 10_000;
    private static final int END = 32_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private FreePort() {}

    /**
     * Below those that the kernel gives to whoever asks for any, so that no server of the test gets it in between; one
     * after the other, so that nobody gets the same one twice.
     */
    public static int find() {
        while (true) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
            try (ServerSocket _ = new ServerSocket(port)) {
                return port;
            } catch (IOException _) {
                // taken: another one
            }
        }
    }
}
