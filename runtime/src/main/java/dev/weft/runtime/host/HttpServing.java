package dev.weft.runtime.host;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;

/**
 * The smallest HTTP/1.1 server that a function behind a proxy needs: it starts in about a tenth of the time of the
 * JDK's. Requests under way are parties of {@code underWay}, so that an orderly end can wait for them.
 */
final class HttpServing {

    private final ServerSocket listener;
    private final TextFunction function;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Phaser underWay = new Phaser(1);
    private volatile boolean finishing;

    HttpServing(ServerSocket listener, TextFunction function) {
        this.listener = listener;
        this.function = function;
    }

    /** Accepts until the end. */
    void run() throws IOException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        while (!finishing) {
            try {
                Socket connection = listener.accept();
                Thread thread = Thread.ofVirtual().unstarted(() -> serve(connection));
                thread.setContextClassLoader(loader);
                thread.start();
            } catch (IOException e) {
                if (!finishing) {
                    throw e;
                }
            }
        }
    }

    /** Takes no more requests and returns when the last one under way is answered. */
    void finish() {
        finishing = true;
        try {
            listener.close();
        } catch (IOException e) {
            System.err.println("the listener did not close: " + e.getMessage());
        }
        underWay.awaitAdvance(underWay.arriveAndDeregister());
    }

    private void serve(Socket connection) {
        connections.add(connection);
        try (connection) {
            connection.setTcpNoDelay(true);
            BufferedInputStream input = new BufferedInputStream(connection.getInputStream());
            boolean more = true;
            while (more && !finishing) {
                more = serveOne(input, connection.getOutputStream());
            }
        } catch (IOException e) {
            // The other end is gone; there is nobody to tell.
        } finally {
            connections.remove(connection);
        }
    }

    /** True when the connection can carry another request. */
    private boolean serveOne(BufferedInputStream input, OutputStream output) throws IOException {
        HttpRequest request;
        try {
            request = HttpRequest.read(input, output);
        } catch (HttpRequest.Malformed e) {
            write(output, "", 400, e.text() + "\n", false);
            return false;
        }
        if (request == null) {
            return false;
        }
        underWay.register();
        try {
            boolean keep = request.keepAlive() && !finishing;
            answer(request, output, keep);
            return keep;
        } finally {
            underWay.arriveAndDeregister();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a function throws is its own failure, and only of this request
    private void answer(HttpRequest request, OutputStream output, boolean keep) throws IOException {
        String text;
        int status;
        try {
            String answer = function.answer(request.body());
            status = answer == null ? 204 : 200;
            text = answer == null ? "" : answer;
        } catch (Exception | LinkageError | StackOverflowError e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            System.err.println("request " + request.method() + " " + request.target() + " failed: " + trace);
            status = 500;
            text = "the function has failed: " + e.getClass().getSimpleName() + "; its log says more\n";
        }
        write(output, request.method(), status, text, keep);
    }

    private static void write(OutputStream output, String method, int status, @Nullable String text, boolean keep)
            throws IOException {
        byte[] body = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(128);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
        if (status != 204) {
            head.append("Content-Type: text/plain; charset=utf-8\r\nContent-Length: ");
            head.append(body.length).append("\r\n");
        }
        head.append(keep ? "\r\n" : "Connection: close\r\n\r\n");
        byte[] headBytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        boolean bodiless = method.equals("HEAD") || status == 204;
        byte[] whole = new byte[headBytes.length + (bodiless ? 0 : body.length)];
        System.arraycopy(headBytes, 0, whole, 0, headBytes.length);
        System.arraycopy(body, 0, whole, headBytes.length, whole.length - headBytes.length);
        output.write(whole);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            default -> "Internal Server Error";
        };
    }
}
