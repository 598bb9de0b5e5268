package dev.weft.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.runtime.host.http.Handler;
import dev.weft.runtime.host.http.HttpServing;
import dev.weft.runtime.host.shape.Shapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpServingTests {

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final ServerSocket listener;
    private final HttpServing serving;

    HttpServingTests() throws Exception {
        listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Handler shout = Shapes.of(Shout.class, Optional.empty());
        serving = new HttpServing(listener, (request, response) -> {
            if (request.text().equals("slow")) {
                response.body().write(slow().getBytes(StandardCharsets.UTF_8));
            } else {
                shout.handle(request, response);
            }
        });
        Thread.ofVirtual().start(this::run);
    }

    @AfterEach
    void stop() {
        released.countDown();
        serving.finish();
    }

    @Test
    void answersSeveralRequestsOnOneConnection() throws IOException {
        String answers = exchange(post("a") + post("b") + lines("GET / HTTP/1.1", "Host: f", "Connection: close", ""));
        assertThat(bodies(answers)).containsExactly("A!", "B!", "!");
    }

    @Test
    void readsChunkedBodies() throws IOException {
        String request = lines(
                "POST / HTTP/1.1",
                "Host: f",
                "Connection: close",
                "Transfer-Encoding: chunked",
                "",
                "3;x=y",
                "abc",
                "2",
                "de",
                "0",
                "Trailer: t",
                "");
        assertThat(bodies(exchange(request))).containsExactly("ABCDE!");
    }

    @Test
    void aFailingFunctionIsAnAnswerWithStatus500() throws IOException {
        String answers = exchange(post("fail") + post("x", "close"));
        assertThat(answers)
                .startsWith("HTTP/1.1 500 ")
                .contains("IllegalArgumentException")
                .endsWith("X!");
    }

    @Test
    void anAnswerToHeadHasNoBody() throws IOException {
        String answer = exchange(lines("HEAD / HTTP/1.1", "Host: f", "Connection: close", ""));
        assertThat(answer).contains("Content-Length: 1\r\n").endsWith("\r\n\r\n");
    }

    @Test
    void refusesWhatIsAmbiguousAndCloses() throws IOException {
        String request =
                lines("POST / HTTP/1.1", "Host: f", "Content-Length: 1", "Transfer-Encoding: chunked", "", "0", "");
        String answer = exchange(request + post("never"));
        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("NEVER");
    }

    @Test
    void finishesTheRequestUnderWayAndTakesNoOther() throws Exception {
        try (Socket connection = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            connection.getOutputStream().write(post("slow").getBytes(StandardCharsets.ISO_8859_1));
            entered.await();
            Thread finishing = Thread.ofVirtual().start(serving::finish);
            assertThatThrownBy(() -> {
                        while (true) {
                            new Socket(listener.getInetAddress(), listener.getLocalPort()).close();
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(finishing.isAlive()).isTrue();
            released.countDown();
            String answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).endsWith("slowly");
            finishing.join();
        }
    }

    @Test
    void theHostListensWhereItIsTold() {
        assertThat(FunctionHost.address(Map.of(FunctionHost.ADDRESS, "127.0.0.1"), 8080))
                .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));
        assertThat(FunctionHost.address(Map.of(), 8080)).isEqualTo(new InetSocketAddress(8080));
    }

    @Test
    void aRequestThatIsWholeOnlyAfterTheEndIsNotHandled() throws Exception {
        try (Socket connection = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            String head = lines("POST / HTTP/1.1", "Host: f", "Expect: 100-continue", "Content-Length: 1", "");
            connection.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            byte[] word = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
            assertThat(connection.getInputStream().readNBytes(word.length)).isEqualTo(word);
            serving.finish();
            connection.getOutputStream().write('a');
            assertThat(connection.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void aCallThatTakesTooLongIsInterruptedAndOneThatDoesNotHearEndsTheProcess() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        ServerSocket own = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        HttpServing watched = new HttpServing(
                own,
                (_, _) -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        stuck.await(); // goes on all the same
                    }
                },
                Duration.ofMillis(10),
                stuck::countDown);
        Thread.ofVirtual().start(() -> {
            try {
                watched.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (Socket connection = new Socket(own.getInetAddress(), own.getLocalPort())) {
            connection.getOutputStream().write(post("endless").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(stuck.await(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            stuck.countDown();
            watched.finish();
        }
    }

    private String slow() {
        entered.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "slowly";
    }

    private void run() {
        try {
            serving.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String exchange(String requests) throws IOException {
        try (Socket connection = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            connection.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String post(String body) {
        return post(body, "keep-alive");
    }

    private static String post(String body, String connection) {
        return lines("POST / HTTP/1.1", "Host: f", "Connection: " + connection, "Content-Length: " + body.length(), "")
                + body;
    }

    private static String[] bodies(String answers) {
        String[] parts = answers.split("HTTP/1.1 200 OK\r\n(?:[^\r\n]+\r\n)*\r\n", -1);
        return Arrays.copyOfRange(parts, 1, parts.length);
    }
}
