package dev.weft.cli.training;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Asks the trained proxy, blocking. */
record TrainingClient(SSLContext trust) {

    private static final int READ_TIMEOUT_MILLIS = 10_000;

    /** So many times, on one connection. */
    void ask(int port, String host, String path, int times) throws IOException {
        try (Socket socket = connect(port)) {
            ask(socket, host, path, times);
        }
    }

    /** So many handshakes, and so many requests on each connection. */
    void askSecurely(int port, int handshakes, int times) throws IOException {
        for (int i = 0; i < handshakes; i++) {
            try (Socket plain = connect(port);
                    SSLSocket secured =
                            (SSLSocket) trust.getSocketFactory().createSocket(plain, "train.invalid", port, true)) {
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName("train.invalid")));
                secured.setSSLParameters(parameters);
                ask(secured, "train.invalid", "/first/item", times);
            } catch (SSLHandshakeException _) {
                // the first may come before the listener has its certificate
            }
        }
    }

    /** @param contentType empty for a request without a body */
    void askOnStreams(int port, String path, String contentType, int times) throws IOException {
        try (Socket socket = connect(port)) {
            new TrainingStreams(socket).ask(path, contentType, times);
        }
    }

    private static void ask(Socket socket, String host, String path, int times) throws IOException {
        byte[] request = String.join(
                        "\r\n",
                        "GET " + path + "?id=1 HTTP/1.1",
                        "Host: " + host,
                        "User-Agent: train",
                        "Accept: */*",
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] answer = new byte[4096];
        InputStream in = socket.getInputStream();
        for (int i = 0; i < times; i++) {
            socket.getOutputStream().write(request);
            int length = in.read(answer);
            while (length > 0 && answer[length - 1] != '\n') {
                length += in.read(answer, length, answer.length - length);
            }
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }
}
