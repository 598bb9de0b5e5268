package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that says exactly what the test writes, and reads one answer at a time. {@code |} ends a line. */
final class Client implements Closeable {

    /** For a machine that has much else to do. */
    static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    Client(String address, int port) throws IOException {
        this(new Socket(InetAddress.ofLiteral(address), port));
    }

    Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static Client at(int port) throws IOException {
        return new Client("127.0.0.1", port);
    }

    Client send(String text) throws IOException {
        return send(text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A peer that has already hung up is no failure here: what can be read, or cannot, tells. */
    Client send(byte[] bytes) throws IOException {
        var _ = takes(bytes);
        return this;
    }

    /** Whether the peer has not hung up, as far as is known here; for whoever goes on sending until it has. */
    boolean takes(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return true;
        } catch (SocketException e) {
            if (socket.isClosed()) { // by the test itself
                throw e;
            }
            return false;
        }
    }

    /** One answer, as head and body with {@code |} for line ends in the head. */
    record Answer(int status, String head, String body) {

        /** Whatever test it is that provoked it: what a proxy answers itself has a name to ask for, and tells nothing of its insides. */
        Answer {
            if (head.contains("|weft-error: ")) {
                assertThat(head).containsIgnoringCase("|x-request-id: ").containsIgnoringCase("|date: ");
                assertThat(body).doesNotContain("\tat ", "Exception", "java.", "dev.weft", "netty");
            }
        }

        boolean has(String line) {
            return ("|" + head.toLowerCase(Locale.ROOT)).contains("|" + line.toLowerCase(Locale.ROOT) + "|");
        }
    }

    Answer read() throws IOException {
        return read(false);
    }

    Answer read(boolean toHead) throws IOException {
        String head = readHead();
        String lower = head.toLowerCase(Locale.ROOT);
        int status = Integer.parseInt(head.substring(9, 12));
        String body = "";
        if (toHead || status < 200 || status == 204 || status == 304) {
            body = "";
        } else if (lower.contains("transfer-encoding: chunked")) {
            body = readChunks();
        } else if (lower.contains("content-length: ")) {
            int at = lower.indexOf("content-length: ") + 16;
            body = read(Integer.parseInt(lower.substring(at, lower.indexOf('|', at))));
        } else {
            body = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        return new Answer(status, head, body);
    }

    /** A head, or nothing when the peer closed before one. */
    String readHead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int ends = 0;
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after " + bytes);
            }
            bytes.write(b);
            ends = b == '\r' || b == '\n' ? ends + 1 : 0;
            if (ends == 4) {
                String text = bytes.toString(StandardCharsets.ISO_8859_1);
                return text.substring(0, text.length() - 2).replace("\r\n", "|");
            }
        }
    }

    String readChunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            if (size == 0) {
                while (!readLine().isEmpty()) {}
                return body.toString();
            }
            body.append(read(size));
            readLine();
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed within a line");
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    String read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Says that nothing more comes; reading goes on. */
    Client end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** All that comes until the peer has said all. */
    String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    InputStream in() {
        return in;
    }

    Socket socket() {
        return socket;
    }

    /** Whether the peer has closed, waiting for it. */
    boolean closed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException _) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
