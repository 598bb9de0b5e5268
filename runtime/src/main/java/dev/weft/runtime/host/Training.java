package dev.weft.runtime.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The run from which a JVM learns what functions usually need (JEP 483, 514): this host, text, collections, and a call of
 * another service through a proxy. A function's own classes cannot be in the cache, because their loader is not built
 * in; the classes of the JDK that they use can.
 */
public final class Training {

    private static final int CALLS = 20;

    private Training() {}

    /** Serves itself a few times and ends. */
    public static void main(String[] arguments) throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(here, 0));
        Function<String, String> typical = Training::typical;
        HttpServing serving = new HttpServing(listener, TextFunction.of(typical));
        Thread.ofVirtual().start(() -> run(serving));
        InetSocketAddress proxy = new InetSocketAddress(here, listener.getLocalPort());
        HttpClient client =
                HttpClient.newBuilder().proxy(ProxySelector.of(proxy)).build();
        HttpClient.newHttpClient().close();
        URI uri = URI.create("http://service.namespace.svc.cluster.local/");
        for (int call = 0; call < CALLS; call++) {
            client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString("a: 1, b: 2"))
                            .build(),
                    BodyHandlers.ofString());
        }
        System.exit(0);
    }

    private static String typical(String body) {
        Map<String, Long> words = Pattern.compile("\\W+")
                .splitAsStream(body)
                .collect(Collectors.groupingBy(
                        word -> word.toLowerCase(Locale.ROOT), TreeMap::new, Collectors.counting()));
        return String.format(Locale.ROOT, "%s %d %.2f %s%n", words, body.length(), body.length() / 3.0, Instant.EPOCH)
                + System.getenv().getOrDefault("TARGET", "World");
    }

    private static void run(HttpServing serving) {
        try {
            serving.run();
        } catch (IOException e) {
            System.err.println("training: " + e.getMessage());
        }
    }
}
