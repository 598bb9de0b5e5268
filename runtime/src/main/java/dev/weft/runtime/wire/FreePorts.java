package dev.weft.runtime.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Ports for programs to listen on, below the range from which the kernel takes the near ends of outgoing connections:
 * there, a connection of anybody's could take a port between our look and the program's {@code bind}.
 *
 * <p>Owner of {@code taken}: this object's monitor.
 */
final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;

    private final Set<Integer> taken = new HashSet<>();
    private int next;

    /** Begins at a random port, so that two platforms on one machine rarely meet. */
    FreePorts(RandomGenerator random) {
        this.next = random.nextInt(COUNT);
    }

    synchronized int take() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + next;
            next = (next + 1) % COUNT;
            if (!taken.contains(port) && free(port)) {
                taken.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + (FIRST + COUNT - 1));
    }

    synchronized void giveBack(int port) {
        taken.remove(port);
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
