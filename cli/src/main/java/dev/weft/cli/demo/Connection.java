package dev.weft.cli.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One kept-alive HTTP/1.1 connection, blocking. It never repeats a request, unlike {@code java.net.http}, so that a
 * request that the platform loses is seen to be lost. The server's name is checked against its certificate.
 */
final class Connection implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private final Target target;
    private final Socket socket;
    private final InputStream in;

    Connection(Target target) throws IOException {
        this.target = target;
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(READ_TIMEOUT_MILLIS);
            plain.connect(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), target.port()), CONNECT_TIMEOUT_MILLIS);
            this.socket = target.tls().isPresent() ? secure(target, plain) : plain;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    Answer get(String path) throws IOException {
        return exchange("GET", path, Map.of(), "");
    }

    Answer exchange(String method, String path, Map<String, String> headers, String body) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.host());
        headers.forEach(
                (name, value) -> head.append("\r\n").append(name).append(": ").append(value));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            head.append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ")
                    .append(bytes.length);
        }
        head.append("\r\n\r\n");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(bytes);
        long start = System.nanoTime();
        socket.getOutputStream().write(request.toByteArray());
        return read(start);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer read(long start) throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = body(status, headers);
        return new Answer(
                status, Map.copyOf(headers), new String(body, StandardCharsets.UTF_8), System.nanoTime() - start);
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunks();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line();
            int extension = size.indexOf(';');
            int length = Integer.parseInt(extension < 0 ? size : size.substring(0, extension), 16);
            if (length == 0) {
                for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
                    // trailers are not looked at
                }
                return body.toByteArray();
            }
            body.writeBytes(exactly(length));
            line();
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection closed inside an answer");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection closed before the answer was whole");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static Socket secure(Target target, Socket plain) throws IOException {
        SSLSocket secured = (SSLSocket)
                target.tls().orElseThrow().getSocketFactory().createSocket(plain, target.host(), target.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setServerNames(List.of(new SNIHostName(target.host())));
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }
}
