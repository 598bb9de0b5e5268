package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SingleThreadEventLoop;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ListeningTest {

    private static final int CLIENTS = 300;

    @Test
    void aLoopThatWasBusyAcceptsThoseWhoWaitInFewTurns() throws Exception {
        Counting counting = new Counting();
        List<Socket> clients = new ArrayList<>();
        try (Transport transport = new Transport(1);
                Listener listener = transport.listen("127.0.0.1", 0, Optional.empty(), counting)) {
            CountDownLatch free = new CountDownLatch(1);
            transport.loops().getFirst().execute(() -> awaitQuietly(free));
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), listener.port()));
            }
            free.countDown();
            assertThat(counting.all.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(counting.turns.get()).isLessThanOrEqualTo(3);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts the turns of the loop in which anybody was accepted. */
    private static final class Counting implements Acceptor {
        private final CountDownLatch all = new CountDownLatch(CLIENTS);
        private final AtomicInteger turns = new AtomicInteger();
        private boolean counted;

        @Override
        public ConnectionHandler accepted(Loop loop) {
            if (!counted) {
                counted = true;
                turns.incrementAndGet();
                ((SingleThreadEventLoop) loop.netty()).executeAfterEventLoopIteration(() -> counted = false);
            }
            all.countDown();
            return new Silent();
        }
    }

    private static final class Silent implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {}
    }
}
