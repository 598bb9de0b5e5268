package dev.weft.acceptance;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program for a revision, as its one argument says: {@code serve} answers after {@code MILLIS} how many requests it had at
 * once; {@code elsewhere} listens on a port that nobody asked for; {@code exit} talks and ends with code 7.
 */
final class ServingProgram {

    private ServingProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "serve" -> serve(Integer.parseInt(System.getenv("PORT")));
            case "elsewhere" -> serve(Integer.parseInt(System.getenv("PORT")) + 1);
            case "exit" -> {
                for (int line = 1; line <= 30; line++) {
                    System.out.println("line " + line + " of what it says");
                }
                System.exit(7);
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void serve(int port) throws IOException, InterruptedException {
        int millis = Integer.parseInt(System.getenv().getOrDefault("MILLIS", "0"));
        AtomicInteger atOnce = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 1_000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            int now = atOnce.incrementAndGet();
            try {
                new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = Integer.toString(now).getBytes(StandardCharsets.US_ASCII);
            atOnce.decrementAndGet();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        new CountDownLatch(1).await();
    }
}
