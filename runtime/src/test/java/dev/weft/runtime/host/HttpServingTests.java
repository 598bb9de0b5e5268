package dev.weft.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpServingTests {

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final ServerSocket listener;
    private final HttpServing serving;

    HttpServingTests() throws Exception {
        listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        TextFunction shout = TextFunction.of(new Shout());
        serving = new HttpServing(listener, body -> body.equals("slow") ? slow() : shout.answer(body));
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
    void aConsumerAnswersNothing() throws Exception {
        Consumer<String> consumer = body -> {};
        assertThat(TextFunction.of(consumer).answer("x")).isNull();
        assertThatThrownBy(() -> TextFunction.of("a string")).hasMessageContaining("implements none of");
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
        return java.util.Arrays.copyOfRange(parts, 1, parts.length);
    }
}
