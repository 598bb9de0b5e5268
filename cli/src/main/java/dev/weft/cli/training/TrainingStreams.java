package dev.weft.cli.training;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.Output;
import dev.weft.http.h2.Session;
import dev.weft.http.h2.SessionEvents;
import dev.weft.http.h2.SessionOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One end of an HTTP/2 connection, blocking: asks, or answers whatever it is asked. */
final class TrainingStreams implements SessionEvents, Output {

    private static final int AT_A_TIME = 8;
    private static final byte[] ANSWER = bytes(
            "HTTP/1.1 200 OK",
            "content-type: application/grpc",
            "server: train",
            "date: Mon, 23 Nov 2026 00:00:00 GMT");
    private static final byte[] STATUS = bytes("grpc-status: 0");
    private static final byte[] MESSAGE = {0, 0, 0, 0, 4, 1, 2, 3, 4};

    private final Socket socket;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] in = new byte[16 * 1024];
    private Session session = Session.client(SessionOptions.DEFAULT, this, this);
    private boolean answers;
    private int done;

    TrainingStreams(Socket socket) {
        this.socket = socket;
    }

    /** Answers until the peer has gone. */
    void answer(byte[] first, int length) throws IOException {
        answers = true;
        session = Session.server(SessionOptions.DEFAULT, this, this);
        session.start(System.nanoTime());
        boolean sound = session.receive(first, 0, length, System.nanoTime());
        while (sound) {
            sound = exchange();
        }
    }

    void ask(String path, String contentType, int times) throws IOException {
        boolean call = !contentType.isEmpty();
        byte[] head = call
                ? bytes(
                        "POST " + path + " HTTP/1.1",
                        "host: train.invalid",
                        "content-type: " + contentType,
                        "te: trailers")
                : bytes("GET " + path + " HTTP/1.1", "host: train.invalid", "user-agent: train", "accept: */*");
        session.start(System.nanoTime());
        int asked = 0;
        boolean sound = true;
        while (done < times && sound) {
            while (asked < times && asked - done < AT_A_TIME) {
                int stream = session.open(head, 0, head.length, !call);
                if (stream <= 0) {
                    break;
                }
                asked++;
                if (call) {
                    session.data(stream, MESSAGE, 0, MESSAGE.length, true);
                }
            }
            sound = exchange();
        }
    }

    /** Sends what is to be sent, and takes what has come; false at the end. */
    private boolean exchange() throws IOException {
        out.writeTo(socket.getOutputStream());
        out.reset();
        int length = socket.getInputStream().read(in);
        return length > 0 && session.receive(in, 0, length, System.nanoTime());
    }

    private void over(int stream) {
        done++;
        if (answers) {
            session.head(stream, ANSWER, 0, ANSWER.length, false);
            session.data(stream, MESSAGE, 0, MESSAGE.length, false);
            session.trailers(stream, STATUS, 0, STATUS.length);
        }
    }

    @Override
    public void head(int stream, byte[] head, int from, int to, boolean end) {
        if (end) {
            over(stream);
        }
    }

    @Override
    public void data(int stream, byte[] data, int from, int to, boolean end) {
        session.consumed(stream, to - from);
        if (end) {
            over(stream);
        }
    }

    @Override
    public void trailers(int stream, byte[] fieldLines, int from, int to) {
        over(stream);
    }

    @Override
    public void write(byte[] some, int from, int to) {
        out.write(some, from, to - from);
    }

    @Override
    public void headTooLarge(int stream, boolean end) {
        done++;
    }

    @Override
    public void reset(int stream, ErrorType code) {
        done++;
    }

    @Override
    public void writable(int stream) {}

    @Override
    public void goAway(int lastStream, ErrorType code) {}

    @Override
    public void streamsAllowed(int count) {}

    private static byte[] bytes(String... lines) {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
