package dev.weft.examples.quote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers {@code /} and {@code /get-quote/} with a quote and says which version it is; {@code /health} with nothing. */
public final class Quote {

    private static final List<String> QUOTES = List.of(
            "Abstraction is ever present.",
            "A late night does not make any sense.",
            "Nihil sub sole novum, but the loom is.",
            "The shuttle goes both ways; so does trust.");

    private final String version;
    private final AtomicInteger next = new AtomicInteger();

    private Quote(String version) {
        this.version = version;
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        Quote quote = new Quote(System.getenv().getOrDefault("VERSION", "v1"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0); // as in any pod: of all its addresses
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", quote::answer);
        server.createContext("/health", exchange -> answer(exchange, 200, ""));
        server.start();
        System.out.println("quote " + quote.version + " listens on " + port);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!path.equals("/") && !path.equals("/get-quote/")) {
            answer(exchange, 404, "no quote there\n");
            return;
        }
        String text = QUOTES.get(Math.floorMod(next.getAndIncrement(), QUOTES.size()));
        answer(exchange, 200, "\"%s\" (quote %s)%n".formatted(text, version));
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
