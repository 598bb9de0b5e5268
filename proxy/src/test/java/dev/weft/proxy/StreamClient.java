package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.Output;
import dev.weft.http.h2.Session;
import dev.weft.http.h2.SessionEvents;
import dev.weft.http.h2.SessionOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** An HTTP/2 client of prior knowledge that does only what the test says. {@code |} ends a line of a head. */
final class StreamClient implements SessionEvents, Output, Closeable {

    private final Socket socket;
    private final Session session;
    private final Map<Integer, Answer> answers = new HashMap<>();
    private final byte[] buffer = new byte[32 * 1024];
    private boolean settled;
    private boolean hungUp;
    int streamsAllowed;
    final List<Integer> goneAway = new ArrayList<>();

    /** What came on one stream so far. */
    static final class Answer {
        String interim = "";
        String head = "";
        String body = "";
        String trailers = "";
        boolean whole;
        String reset = "";

        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }
    }

    StreamClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port), SessionOptions.DEFAULT.scheme("http"));
    }

    StreamClient(Socket socket, SessionOptions options) throws IOException {
        this(socket, options, Duration.ofMillis(Client.PATIENCE_MILLIS));
    }

    /** Waits that long for whatever comes next. */
    StreamClient(Socket socket, SessionOptions options, Duration patience) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) patience.toMillis());
        socket.setTcpNoDelay(true);
        session = Session.client(options, this, this);
        session.start(1);
    }

    private static byte[] bytes(String text) {
        return text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends a head, for example {@code GET / HTTP/1.1|host: shop.test||}. */
    int open(String head, boolean end) {
        byte[] bytes = bytes(head);
        int stream = session.open(bytes, 0, bytes.length, end);
        answers.put(stream, new Answer());
        return stream;
    }

    /** Until the server's settings are here. */
    StreamClient settle() throws IOException {
        while (!settled) {
            if (!receive()) {
                throw new IOException("closed: " + session.problem());
            }
        }
        return this;
    }

    int get(String host, String path) {
        return open("GET " + path + " HTTP/1.1|host: " + host + "||", true);
    }

    StreamClient data(int stream, String text, boolean end) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        session.data(stream, bytes, 0, bytes.length, end);
        return this;
    }

    StreamClient trailers(int stream, String lines) {
        byte[] bytes = bytes(lines);
        session.trailers(stream, bytes, 0, bytes.length);
        return this;
    }

    StreamClient cancel(int stream) {
        session.reset(stream, ErrorType.CANCEL);
        return this;
    }

    /** Whether the peer is known to have hung up; for whoever goes on sending until it has. */
    boolean hungUp() {
        return hungUp;
    }

    /** Whether more of this stream's body would leave at once. */
    boolean takesMore(int stream) {
        return session.writable(stream);
    }

    /** The whole answer. */
    Answer read(int stream) throws IOException {
        Answer answer = readUntil(
                stream, () -> answer(stream).whole || !answer(stream).reset.isEmpty());
        if (!answer.whole) {
            throw new IOException("reset: " + answer.reset);
        }
        return answer;
    }

    Answer readHead(int stream) throws IOException {
        return readUntil(stream, () -> !answer(stream).head.isEmpty());
    }

    Answer readReset(int stream) throws IOException {
        return readUntil(stream, () -> !answer(stream).reset.isEmpty());
    }

    Answer readUntil(int stream, BooleanSupplier condition) throws IOException {
        while (!condition.getAsBoolean()) {
            if (!receive()) {
                throw new IOException("closed: " + session.problem());
            }
        }
        return answer(stream);
    }

    /** Whether more may come. A connection that was reset has ended like any other. */
    private boolean receive() throws IOException {
        int length;
        try {
            length = socket.getInputStream().read(buffer);
        } catch (SocketException _) {
            return false;
        }
        return length > 0 && session.receive(buffer, 0, length, 1);
    }

    /** The last stream that the server serves, once it said so and closed. */
    int readGoAway() throws IOException {
        while (receive()) {}
        return goneAway.getLast();
    }

    Answer answer(int stream) {
        Answer answer = answers.get(stream);
        if (answer == null) {
            throw new IllegalArgumentException("no stream " + stream);
        }
        return answer;
    }

    @Override
    public void head(int stream, byte[] bytes, int from, int to, boolean end) {
        String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).replace("\r\n", "|");
        Answer answer = answer(stream);
        if (text.charAt(9) == '1' && !text.startsWith("101", 9)) {
            answer.interim += text;
        } else {
            answer.head = text;
            if (text.contains("|weft-error: ")) {
                assertThat(text).contains("|x-request-id: ", "|date: "); // as in Client
            }
        }
        answer.whole = end;
    }

    @Override
    public void headTooLarge(int stream, boolean end) {
        answer(stream).reset = "too large";
    }

    @Override
    public void data(int stream, byte[] bytes, int from, int to, boolean end) {
        Answer answer = answer(stream);
        answer.body += new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        answer.whole = end;
        session.consumed(stream, to - from);
    }

    @Override
    public void trailers(int stream, byte[] fieldLines, int from, int to) {
        Answer answer = answer(stream);
        answer.trailers = new String(fieldLines, from, to - from, StandardCharsets.ISO_8859_1).replace("\r\n", "|");
        answer.whole = true;
    }

    @Override
    public void reset(int stream, ErrorType code) {
        answer(stream).reset = code.name();
    }

    @Override
    public void writable(int stream) {}

    @Override
    public void goAway(int lastStream, ErrorType code) {
        goneAway.add(lastStream);
    }

    @Override
    public void streamsAllowed(int count) {
        streamsAllowed = count;
        settled = true;
    }

    /** A peer that has already hung up is no failure here: what can be read, or cannot, tells. */
    @Override
    public void write(byte[] bytes, int from, int to) {
        try {
            socket.getOutputStream().write(bytes, from, to - from);
        } catch (SocketException _) {
            hungUp = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
