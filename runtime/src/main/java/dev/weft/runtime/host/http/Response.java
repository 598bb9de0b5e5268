package dev.weft.runtime.host.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to one request. What is written is kept until it is flushed or more than {@value #KEPT_BYTES_MAX} bytes: from
 * then on it is sent in chunks, and status and headers stand. One thread at a time.
 */
public final class Response {

    private static final int KEPT_BYTES_MAX = 32 << 10;

    private final OutputStream connection;
    private final boolean toHead;
    private final boolean keepAlive;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final OutputStream body = new Body();
    private int status = 200;
    private volatile boolean begun; // Overruns reads it
    private boolean ended;

    Response(OutputStream connection, Request request, boolean keepAlive) {
        this.connection = connection;
        this.toHead = request.method().equals("HEAD");
        this.keepAlive = keepAlive;
    }

    public int status() {
        return status;
    }

    /** No effect once the answer has begun. */
    public void status(int code) {
        status = code;
    }

    /** All of one name are replaced. */
    public void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    public void add(String name, String value) {
        if ((name + value).chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("header " + name + ": line ends are not allowed");
        }
        headers.computeIfAbsent(stored(name), _ -> new ArrayList<>(1)).add(value);
    }

    private void remove(String name) {
        headers.remove(stored(name));
    }

    private String stored(String name) {
        return headers.keySet().stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElse(name);
    }

    /** The first value. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(stored(name))).map(List::getFirst);
    }

    /** In the order of their first values. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return copy;
    }

    /** Flushing it sends what was written so far. */
    public OutputStream body() {
        return body;
    }

    /** Whether the first bytes are sent. */
    public boolean begun() {
        return begun;
    }

    /** Forgets what was written and set. */
    void reset() {
        headers.clear();
        kept.reset();
        status = 200;
    }

    /** Sends what is left; false when the connection cannot carry another answer. */
    boolean end() throws IOException {
        if (ended) {
            return keepAlive;
        }
        ended = true;
        if (begun) {
            sendKept();
            if (!toHead) {
                connection.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
        } else {
            byte[] head = head(bodiless() ? "" : "Content-Length: " + kept.size() + "\r\n");
            ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length + kept.size());
            whole.writeBytes(head);
            if (!toHead && !bodiless()) {
                kept.writeTo(whole);
            }
            whole.writeTo(connection);
        }
        return keepAlive;
    }

    private boolean bodiless() {
        return status == 204 || status == 304 || status < 200;
    }

    private void begin() throws IOException {
        begun = true;
        connection.write(head("Transfer-Encoding: chunked\r\n"));
    }

    private byte[] head(String framing) {
        remove("Content-Length");
        remove("Transfer-Encoding");
        remove("Connection");
        StringBuilder head = new StringBuilder(160);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
        headers.forEach((name, values) -> {
            for (String value : values) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        head.append(framing).append(keepAlive ? "\r\n" : "Connection: close\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void sendKept() throws IOException {
        if (kept.size() > 0 && !toHead) {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream(kept.size() + 16);
            chunk.writeBytes((Integer.toHexString(kept.size()) + "\r\n")
                    .toLowerCase(Locale.ROOT)
                    .getBytes(StandardCharsets.ISO_8859_1));
            kept.writeTo(chunk);
            chunk.writeBytes(new byte[] {'\r', '\n'});
            chunk.writeTo(connection);
        }
        kept.reset();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 500 -> "Internal Server Error";
            default -> "Status"; // nobody may depend on it (RFC 9112 §4)
        };
    }

    private final class Body extends OutputStream {

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (ended) {
                throw new IOException("the answer has ended");
            }
            kept.write(bytes, from, length);
            if (kept.size() > KEPT_BYTES_MAX) {
                flush();
            }
        }

        @Override
        public void flush() throws IOException {
            if (ended || bodiless()) {
                return;
            }
            if (!begun) {
                begin();
            }
            sendKept();
        }

        @Override
        public void close() throws IOException {
            end();
        }
    }
}
