package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClosingTest {

    /** More than the kernel takes for a peer that does not read. */
    private static final int ANSWER_BYTES = 32 * 1024 * 1024;

    /** More than one read takes, and less than the kernel holds. */
    private static final int LATE_BYTES = 200 * 1024;

    @Test
    void sendsAllThatWasWrittenToAPeerThatTakesLongerThanTheLinger() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Transport transport = new Transport(1);
                Listener listener = transport.listen("127.0.0.1", 0, Optional.empty(), _ -> new Answering(closed));
                Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            assertThat(closed.await(3, TimeUnit.SECONDS)).isFalse();
            long read = client.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertThat(read).isEqualTo(ANSWER_BYTES);
            client.shutdownOutput();
            assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatAPeerSentBeforeItClosedIsReadByAReaderThatPauses() throws Exception {
        for (int i = 0; i < 50; i++) {
            Pausing pausing = new Pausing();
            try (Transport transport = new Transport(1);
                    Listener listener = transport.listen("127.0.0.1", 0, Optional.empty(), _ -> pausing)) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
                    client.getOutputStream().write(new byte[LATE_BYTES]);
                }
                assertThat(pausing.closed.await(60, TimeUnit.SECONDS)).isTrue();
                assertThat(pausing.bytes.get()).isEqualTo(LATE_BYTES);
            }
        }
    }

    /** Stops reading after each read, for a moment. */
    private static final class Pausing implements ConnectionHandler {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final AtomicInteger bytes = new AtomicInteger();
        private volatile Optional<Connection> connection = Optional.empty();

        @Override
        public void opened(Connection opened) {
            connection = Optional.of(opened);
        }

        @Override
        public void received(Received received) {
            Connection from = connection.orElseThrow();
            bytes.addAndGet(received.length());
            from.reading(false);
            Thread.ofVirtual().start(() -> from.loop().execute(() -> from.reading(true)));
        }

        @Override
        public void closed(Closure closure) {
            closed.countDown();
        }
    }

    /** Answers before it is asked, and closes. */
    private record Answering(CountDownLatch closed) implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {
            connection.write(new byte[ANSWER_BYTES], 0, ANSWER_BYTES);
            connection.closeAfterWrites();
        }

        @Override
        public void closed(Closure closure) {
            closed.countDown();
        }
    }
}
