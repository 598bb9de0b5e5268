package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Requests at a steady rate over a few connections; notes each that is not answered with 200 and {@code hello}. */
final class SteadyLoad implements AutoCloseable {

    private static final int CLIENTS = 10;
    private static final byte[] GET = "GET / HTTP/1.1\r\nHost: words.test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private SteadyLoad() {}

    /** As soon as the port answers. */
    static SteadyLoad begin(int port, int perSecond) {
        Eventually.holds(
                "200 at port " + port,
                java.time.Duration.ofSeconds(60),
                () -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return ask(socket, socket.getInputStream()).isEmpty();
                    } catch (IOException _) {
                        return false;
                    }
                },
                () -> "no answer");
        SteadyLoad load = new SteadyLoad();
        for (int i = 0; i < CLIENTS; i++) {
            load.threads.add(Thread.ofVirtual().start(() -> load.run(port, 1_000_000_000L * CLIENTS / perSecond)));
        }
        return load;
    }

    private void run(int port, long pauseNanos) {
        long next = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!over) {
                String problem = ask(socket, in);
                if (problem.isEmpty()) {
                    answered.incrementAndGet();
                } else {
                    lost.add(problem);
                }
                next += pauseNanos;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            lost.add(e.toString());
        }
    }

    /** What is wrong with the answer; empty when nothing is. */
    private static String ask(Socket socket, InputStream in) throws IOException {
        socket.getOutputStream().write(GET);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after " + head);
            }
            head.append((char) b);
        }
        if (!head.toString().startsWith("HTTP/1.1 200 ")) {
            return head.toString();
        }
        String body = new String(in.readNBytes(5), StandardCharsets.US_ASCII);
        return body.equals("hello") ? "" : body;
    }

    void endsWithoutLoss() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(lost).isEmpty();
    }

    @Override
    public void close() {
        over = true;
    }

    @Override
    public String toString() {
        return answered + " requests answered, " + lost.size() + " lost";
    }
}
