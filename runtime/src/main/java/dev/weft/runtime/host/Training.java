package dev.weft.runtime.host;

import dev.weft.runtime.host.http.HttpServing;
import dev.weft.runtime.host.shape.Shapes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/**
 * The run from which a JVM learns what functions usually need (JEP 483, 514): this host, text, collections, and a call of
 * another service through a proxy; with the argument {@value #SPARE} what a {@link ParkedHost} needs beside. A function's own
 * classes cannot be in the cache, because their loader is not built in; the classes of the JDK that they use can.
 */
public final class Training {

    private static final int CALLS = 20;
    private static final String SPARE = "spare";

    private Training() {}

    /** Serves itself a few times and ends. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1 && arguments[0].equals(SPARE)) {
            ParkedHost.rehearse();
        }
        System.getenv().getOrDefault("PORT", "8080");
        InetAddress here = InetAddress.getLoopbackAddress();
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(here, 0));
        HttpServing serving = new HttpServing(listener, Shapes.of(Rehearsal.Typical.class, Optional.empty()));
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
                            .POST(HttpRequest.BodyPublishers.ofString("{\"text\": \"a: 1, b: 2\", \"times\": 2}"))
                            .build(),
                    BodyHandlers.ofString());
        }
        System.exit(0);
    }

    private static void run(HttpServing serving) {
        try {
            serving.run();
        } catch (IOException e) {
            System.err.println("training: " + e.getMessage());
        }
    }
}
