package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.FreePort;
import dev.weft.model.policy.RetryPolicy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to a {@code weft proxy} in a process of its own, with a request under way. */
final class SignalTest {

    private static final int PATIENCE_SECONDS = 120;

    /** The first delay. Where the machine is too busy to ask within it, it is doubled. */
    private static final int DELAY_SECONDS = 1;

    private static final int DELAY_SECONDS_MAX = 64;

    @TempDir
    private Path folder;

    private final Village village = new Village();
    private final int metrics = FreePort.find();
    private final AtomicInteger slow = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        int program = village.program(head -> {
            if (head.startsWith("GET /slow")) {
                slow.incrementAndGet();
                await();
            }
            return Optional.of("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        });
        village.patience(Duration.ofMinutes(10)).host("shop", RetryPolicy.DEFAULT, Village.plain(program));
    }

    @AfterEach
    void close() throws IOException {
        go.countDown();
        started.forEach(Process::destroyForcibly);
        village.close();
    }

    private void await() {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process start(int delaySeconds, int patienceSeconds) throws IOException {
        Path snapshot = folder.resolve("snapshot.json");
        Files.writeString(snapshot, SnapshotJson.write(village.current(), SnapshotJson.Keys.INCLUDED));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("weft.test.class.path", System.getProperty("java.class.path")),
                "dev.weft.cli.Main",
                "proxy",
                "--snapshot",
                snapshot.toString(),
                "--metrics-port",
                Integer.toString(metrics),
                "--drain-delay",
                Integer.toString(delaySeconds),
                "--drain-time",
                Integer.toString(patienceSeconds));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        started.add(process);
        until(() -> readiness() == 200 && listens());
        return process;
    }

    private void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as(this::log).isNegative();
            LockSupport.parkNanos(10_000_000);
        }
    }

    private String log() {
        try {
            return "in time; the proxy said: " + Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What {@code /ready} says; 0 for nothing. */
    private int readiness() {
        try (Caller caller = new Caller(metrics)) {
            String head = caller.ask("/ready");
            return head.isEmpty() ? 0 : Integer.parseInt(head.substring(9, 12));
        } catch (IOException _) {
            return 0;
        }
    }

    private boolean listens() {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), village.edge)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void isNotReadyThenRefusesAndLeavesWhenTheSlowestIsServed() throws Exception {
        int delay = DELAY_SECONDS;
        while (!leavesInOrder(delay)) {
            delay *= 2;
            assertThat(delay).as("seconds, in which nobody could ask").isLessThan(DELAY_SECONDS_MAX);
        }
    }

    /** False when this machine was too busy to ask within the delay. */
    private boolean leavesInOrder(int delay) throws Exception {
        Process process = start(delay, 600);
        int before = slow.get();
        try (Caller caller = new Caller(village.edge);
                Caller idle = new Caller(village.edge)) {
            assertThat(idle.ask("/")).startsWith("HTTP/1.1 200 ").doesNotContain("connection: close");
            caller.send("/slow");
            until(() -> slow.get() > before);

            long signalled = System.nanoTime();
            process.destroy(); // SIGTERM

            until(() -> readiness() == 503);
            try (Caller fresh = new Caller(village.edge)) {
                assertThat(fresh.ask("/"))
                        .as("before everybody has heard that it is not ready")
                        .startsWith("HTTP/1.1 200 ")
                        .contains("connection: close");
            } catch (IOException _) {
                assertThat(System.nanoTime() - signalled).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(delay));
                process.destroyForcibly().waitFor();
                return false;
            }
            until(() -> !listens());
            assertThat(System.nanoTime() - signalled).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(delay));
            assertThatThrownBy(() -> new Caller(village.edge)).isInstanceOf(ConnectException.class);
            assertThat(process.isAlive()).as("a request is under way").isTrue();

            go.countDown();

            assertThat(caller.head()).startsWith("HTTP/1.1 200 ").contains("connection: close");
            assertThat(caller.body()).isEqualTo("ok");
            assertThat(caller.ended()).isTrue();
            assertThat(idle.ended()).isTrue();
        }
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as(this::log)
                .isTrue();
        assertThat(process.exitValue()).isZero();
        return true;
    }

    @Test
    void leavesAtItsDeadlineThoughARequestIsUnderWay() throws Exception {
        Process process = start(0, 1);
        try (Caller caller = new Caller(village.edge)) {
            caller.send("/slow");
            until(() -> slow.get() == 1);
            process.destroy();
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(this::log)
                    .isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(caller.ended()).isTrue();
        }
    }

    /** One connection. */
    private static final class Caller implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Caller(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            in = new BufferedInputStream(socket.getInputStream());
        }

        void send(String path) throws IOException {
            String request = "GET " + path + " HTTP/1.1\r\nhost: shop.test\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        }

        /** The answer's head; its body is read too. */
        String ask(String path) throws IOException {
            send(path);
            String head = head();
            if (head.startsWith("HTTP/1.1 200 ") && path.equals("/")) {
                assertThat(body()).isEqualTo("ok");
            }
            return head;
        }

        String head() throws IOException {
            String head = Village.head(in);
            return head.substring(0, Math.min(9, head.length()))
                    + head.substring(Math.min(9, head.length())).toLowerCase(Locale.ROOT);
        }

        String body() throws IOException {
            return new String(in.readNBytes(2), StandardCharsets.US_ASCII);
        }

        boolean ended() {
            try {
                return in.read() < 0;
            } catch (IOException _) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
