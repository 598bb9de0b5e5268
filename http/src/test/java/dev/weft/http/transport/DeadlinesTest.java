package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deadlines of a loop's connections, one of which does more than end. */
class DeadlinesTest {

    private final Transport transport = new Transport(1);
    private final Loop loop = transport.loops().getFirst();
    private final BlockingQueue<String> expired = new LinkedBlockingQueue<>();
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void close() {
        transport.close();
    }

    /** Tells when its deadline comes, and does something then. */
    private final class Telling implements ConnectionHandler {
        private final String name;
        private final Runnable then;

        Telling(String name, Runnable then) {
            this.name = name;
            this.then = then;
        }

        @Override
        public void opened(Connection opened) {
            connections.add(opened);
            expired.add("open");
        }

        @Override
        public void timedOut() {
            expired.add(name);
            then.run();
        }
    }

    private void open(ServerSocket server, String name, Runnable then) throws Exception {
        Destination to = new Destination("127.0.0.1", server.getLocalPort(), Optional.empty(), "");
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        loop.execute(() -> loop.connect(to, new Telling(name, then), deadline));
        assertThat(expired.poll(60, TimeUnit.SECONDS)).isEqualTo("open");
    }

    /** The first after 300 ms, the other after 50, set in one go: between two a busy machine may take longer than that. */
    private void expire(int first, int other) {
        loop.execute(() -> {
            long now = System.nanoTime();
            connections.get(first).deadline(now + TimeUnit.MILLISECONDS.toNanos(300));
            connections.get(other).deadline(now + TimeUnit.MILLISECONDS.toNanos(50));
        });
    }

    @Test
    void aConnectionThatClosesOthersWhenItsTimeIsUpTakesNobodysDeadlineAway() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            open(server, "first", () -> {});
            open(server, "closed by the last", () -> {});
            open(server, "closed by the last too", () -> {});
            open(server, "last", () -> {
                connections.get(1).close();
                connections.get(2).close();
            });
            expire(0, 3);
            assertThat(expired.poll(60, TimeUnit.SECONDS)).isEqualTo("last");
            assertThat(expired.poll(60, TimeUnit.SECONDS)).isEqualTo("first");
        }
    }

    @Test
    void aBugInOneDeadlineCostsThatConnectionAndNoOther() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            open(server, "first", () -> {});
            open(server, "second", () -> {
                throw new IllegalStateException("on purpose");
            });
            expire(0, 1);
            assertThat(expired.poll(60, TimeUnit.SECONDS)).isEqualTo("second");
            assertThat(expired.poll(60, TimeUnit.SECONDS)).isEqualTo("first");
            assertThat(transport.bugs()).isEqualTo(1);
        }
    }
}
