package dev.weft.apiserver.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a WebSocket of events ends. */
@Timeout(60)
class EventSocketTest {

    private static final Duration SOON = Duration.ofMillis(10);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Of a client that says nothing. */
    private InputStream silent = InputStream.nullInputStream();

    private PipedOutputStream client = new PipedOutputStream();

    @BeforeEach
    void connect() throws IOException {
        client = new PipedOutputStream();
        silent = new PipedInputStream(client);
    }

    @AfterEach
    void hangUp() throws IOException {
        client.close();
    }

    @Test
    void aFailureIsToldToTheClientAndEndsIt() {
        EventSocket.serve(
                silent,
                out,
                socket -> {
                    throw new IllegalStateException("a fault of ours");
                },
                SOON);

        assertThat(out.toByteArray()).startsWith(0x88, 16, 1011 >> 8, 1011 & 0xff);
    }

    @Test
    void aClientThatDoesNotAnswerTheGoodbyeIsNotWaitedForForEver() {
        EventSocket.serve(silent, out, socket -> socket.send(bytes("{}")), SOON);

        assertThat(out.toByteArray()).containsExactly(0x81, 2, '{', '}', 0x88, 2, 1000 >> 8, 1000 & 0xff);
    }

    @Test
    void theSpeakerLearnsThatTheClientHasGone() throws InterruptedException {
        CountDownLatch learnt = new CountDownLatch(1);
        EventSocket.serve(
                InputStream.nullInputStream(),
                out,
                socket -> {
                    while (socket.isOpen()) {
                        Thread.onSpinWait();
                    }
                    learnt.countDown();
                },
                SOON);

        learnt.await();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
