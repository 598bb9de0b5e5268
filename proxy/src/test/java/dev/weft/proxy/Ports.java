package dev.weft.proxy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports, below those that the kernel gives to whoever asks for any: else a server of the same test could get the
 * port between the moment that it was found free and the moment that the proxy opens it. One after the other, so that nobody
 * gets the same port twice.
 */
final class Ports {

    private static final int FIRST = 10_000;
    private static final int END = 32_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private Ports() {}

    static int free() {
        for (int i = 0; i < 1_000; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("no free port from " + FIRST + " to " + END);
    }

    /** At every address: pods have theirs, and other test runs have the same pods. */
    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
