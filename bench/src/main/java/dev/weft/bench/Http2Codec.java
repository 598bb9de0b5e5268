package dev.weft.bench;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.Output;
import dev.weft.http.h2.Session;
import dev.weft.http.h2.SessionEvents;
import dev.weft.http.h2.SessionOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One request over HTTP/2, a browser's head of 410 bytes, and its answer with 512 bytes of body; the connection has seen
 * such requests before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Http2Codec {

    private static final byte[] REQUEST = bytes(
            "GET /api/items/17?color=blue HTTP/1.1",
            "host: shop.example.com",
            "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0",
            "accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "accept-encoding: gzip, deflate, br",
            "accept-language: en-GB,en;q=0.5",
            "cookie: session=4f3c2b1a09f8e7d6c5b4a39281706f5e",
            "cache-control: no-cache",
            "x-forwarded-for: 127.0.0.1");
    private static final byte[] RESPONSE = bytes(
            "HTTP/1.1 200 OK",
            "content-type: application/json",
            "content-length: 512",
            "date: Mon, 23 Nov 2026 00:00:00 GMT",
            "server: weft");
    private static final byte[] BODY = new byte[512];
    private static final int WARM = 10;
    private static final int FRAME_HEADER = 9;
    private static final int WINDOW_REQUESTS = 64;

    /** Opens the connection's window by the bodies of so many requests: 32,768 bytes. */
    private static final byte[] WINDOW_UPDATE = {0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, (byte) 128, 0};

    private final Side atClient = new Side();
    private final Side atServer = new Side();
    private final Session client = Session.client(SessionOptions.DEFAULT, atClient, atClient);
    private final Session server = Session.server(SessionOptions.DEFAULT, atServer, atServer);
    private long now = 1;

    /** A request and its answer as they are once the tables are full, and the last stream's number. */
    private byte[] request = {};

    private byte[] answer = {};
    private int stream;

    /** Begins the connection, and lets both tables fill. */
    @Setup
    public void begin() {
        atClient.session = client;
        atServer.session = server;
        atServer.answers = true;
        client.start(now);
        server.start(now);
        for (int i = 0; i < WARM; i++) {
            both();
        }
        stream = client.open(REQUEST, 0, REQUEST.length, true);
        request = Arrays.copyOf(atClient.written, atClient.length);
        server.receive(request, 0, request.length, now);
        answer = Arrays.copyOf(atServer.written, atServer.length);
        client.receive(answer, 0, answer.length, now);
        atClient.length = 0;
        atServer.length = 0;
    }

    /** Both sides: two heads encoded, two decoded, and what belongs to two connections' states. */
    @Benchmark
    public long both() {
        now++;
        client.open(REQUEST, 0, REQUEST.length, true);
        server.receive(atClient.written, 0, atClient.length, now);
        atClient.length = 0;
        client.receive(atServer.written, 0, atServer.length, now);
        atServer.length = 0;
        return atClient.heard;
    }

    /** The server's side: a request decoded, its answer encoded. */
    @Benchmark
    public long server() {
        stream += 2;
        number(request, 0);
        boolean sound = server.receive(request, 0, request.length, now++);
        if (stream % (2 * WINDOW_REQUESTS) == 1) {
            sound &= server.receive(WINDOW_UPDATE, 0, WINDOW_UPDATE.length, now);
        }
        if (!sound) {
            throw new IllegalStateException(server.problem());
        }
        atServer.length = 0;
        return atServer.heard;
    }

    /** The client's side: a request encoded, its answer decoded. */
    @Benchmark
    public long client() {
        stream = client.open(REQUEST, 0, REQUEST.length, true);
        number(answer, 0);
        number(answer, FRAME_HEADER + ((answer[1] << 8) | (answer[2] & 0xff)));
        client.receive(answer, 0, answer.length, now++);
        atClient.length = 0;
        return atClient.heard;
    }

    /** Writes the stream's number into the header of the frame at this offset. */
    private void number(byte[] frames, int at) {
        frames[at + 5] = (byte) (stream >>> 24);
        frames[at + 6] = (byte) (stream >>> 16);
        frames[at + 7] = (byte) (stream >>> 8);
        frames[at + 8] = (byte) stream;
    }

    static byte[] bytes(String... lines) {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One side's surroundings: a buffer for a wire, and an answer for every request. */
    private static final class Side implements SessionEvents, Output {

        private final byte[] written = new byte[64 * 1024];
        private int length;
        private long heard;
        private boolean answers;
        private Session session = Session.client(SessionOptions.DEFAULT, this, this);

        @Override
        public void write(byte[] bytes, int from, int to) {
            System.arraycopy(bytes, from, written, length, to - from);
            length += to - from;
        }

        @Override
        public void head(int stream, byte[] bytes, int from, int to, boolean end) {
            heard += to - from;
            if (answers) {
                session.head(stream, RESPONSE, 0, RESPONSE.length, false);
                session.data(stream, BODY, 0, BODY.length, true);
            }
        }

        @Override
        public void data(int stream, byte[] bytes, int from, int to, boolean end) {
            heard += to - from;
            session.consumed(stream, to - from);
        }

        @Override
        public void headTooLarge(int stream, boolean end) {
            throw new IllegalStateException("too large");
        }

        @Override
        public void trailers(int stream, byte[] fieldLines, int from, int to) {
            throw new IllegalStateException("trailers");
        }

        @Override
        public void reset(int stream, ErrorType code) {
            throw new IllegalStateException("reset: " + code);
        }

        @Override
        public void writable(int stream) {}

        @Override
        public void goAway(int lastStream, ErrorType code) {}

        @Override
        public void streamsAllowed(int count) {}
    }
}
