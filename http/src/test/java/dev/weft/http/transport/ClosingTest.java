package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosingTest {

    /** More than the kernel takes for a peer that does not read. */
    private static final int ANSWER_BYTES = 32 * 1024 * 1024;

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
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
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
        public void received(Received bytes) {}

        @Override
        public void writabilityChanged() {}

        @Override
        public void timedOut() {}

        @Override
        public void closed(Closure closure) {
            closed.countDown();
        }
    }
}
