package dev.weft.cli.training;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the trained proxy forwards to: one answer for all, by HTTP/1.1 or HTTP/2, as the connection begins. */
final class TrainingServer implements AutoCloseable {

    private static final byte[] ANSWER = String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "Server: train",
                    "Date: Mon, 23 Nov 2026 00:00:00 GMT",
                    "Content-Type: text/plain",
                    "Content-Length: 16",
                    "Connection: keep-alive",
                    "",
                    "0123456789abcde\n")
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listening;

    private TrainingServer(ServerSocket listening) {
        this.listening = listening;
    }

    static TrainingServer start() throws IOException {
        var server = new TrainingServer(new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1")));
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[16 * 1024];
            int length = 0;
            for (int read = in.read(bytes); read > 0; read = in.read(bytes, length, bytes.length - length)) {
                length += read;
                if (bytes[0] == 'P') { // the preface of HTTP/2; nothing else is posted here
                    new TrainingStreams(socket).answer(bytes, length);
                    return;
                }
                if (endsHead(bytes, length)) {
                    socket.getOutputStream().write(ANSWER);
                    length = 0;
                }
            }
        } catch (IOException _) {
            // gone
        }
    }

    private static boolean endsHead(byte[] bytes, int length) {
        return length >= HEAD_END.length
                && Arrays.equals(bytes, length - HEAD_END.length, length, HEAD_END, 0, HEAD_END.length);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
