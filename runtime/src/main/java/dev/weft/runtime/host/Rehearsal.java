package dev.weft.runtime.host;

import dev.weft.runtime.host.http.Handler;
import dev.weft.runtime.host.http.HttpServing;
import dev.weft.runtime.host.shape.Unsuitable;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Loads a function of this host's own as a stranger's would be, and calls it a few times over a connection to itself, so that the
 * first stranger finds everything loaded. It must not ask for the environment; see {@link Surroundings}.
 */
final class Rehearsal {

    private static final int CALLS = 10;
    private static final byte[] REQUEST = request();

    private Rehearsal() {}

    static void run() throws IOException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            Handler function = FunctionHost.load(System.getProperty("java.class.path"), Typical.class.getName());
            call(function);
        } catch (Unsuitable e) {
            throw new IOException(e);
        } finally {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(before);
            if (!Objects.equals(loader, before) && loader instanceof Closeable closeable) {
                closeable.close();
            }
        }
    }

    private static void call(Handler function) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        HttpServing serving = new HttpServing(listener, function);
        Thread.ofVirtual().start(() -> run(serving));
        try {
            for (int call = 0; call < CALLS; call++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                    socket.getOutputStream().write(REQUEST);
                    socket.getInputStream().readAllBytes();
                }
            }
        } finally {
            serving.finish();
        }
    }

    private static void run(HttpServing serving) {
        try {
            serving.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] request() {
        String body = "{\"text\": \"a: 1, b: 2\", \"times\": 2}";
        String head = "POST / HTTP/1.1\r\nHost: rehearsal\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** What the typical function takes. */
    public record Order(String text, int times) {}

    /** What it answers. */
    public record Answered(Map<String, Long> words, String line, List<Integer> numbers) {}

    /** JSON in and out, expressions, streams, formats. */
    public static final class Typical implements Function<Order, Answered> {

        @Override
        public Answered apply(Order order) {
            String body = order == null ? "" : order.text();
            Map<String, Long> words = Pattern.compile("\\W+")
                    .splitAsStream(body)
                    .collect(Collectors.groupingBy(
                            word -> word.toLowerCase(Locale.ROOT), TreeMap::new, Collectors.counting()));
            String line = String.format(Locale.ROOT, "%d %.2f %s%n", body.length(), 0.5, Instant.EPOCH) + " of " + order
                    + " and " + words.size();
            return new Answered(words, line, List.of(1, 2));
        }
    }
}
