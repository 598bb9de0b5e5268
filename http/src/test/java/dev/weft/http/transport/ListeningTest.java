package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            assertThat(counting.all.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(counting.turns.get()).isLessThanOrEqualTo(3);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void closesADescriptorThatIsNoSocket(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("no-socket"));
        FileDescriptor descriptor = FileDescriptor.from(file.toFile());
        try (Transport transport = new Transport(1)) {
            assertThatThrownBy(() -> transport.adopt(descriptor.intValue(), _ -> new Silent()))
                    .isInstanceOf(IOException.class);
        }
        assertThat(openFiles()).doesNotContain(file.toRealPath());
    }

    private static List<Path> openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.flatMap(ListeningTest::target).toList();
        }
    }

    private static Stream<Path> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor));
        } catch (IOException _) {
            return Stream.of(); // closed since
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
    private static final class Counting implements Transport.Acceptor {
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
