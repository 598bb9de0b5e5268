package dev.weft.examples.hello;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Function;

/**
 * Greets, and quotes somebody. The body {@code fail} makes it fail, so that failures can be watched; a quote that is
 * refused is told, with the refusal's words, or that there is nobody to quote, and the greeting still goes out.
 */
public final class Hello implements Function<String, String> {

    private static final URI QUOTE = URI.create("http://quote.default.svc.cluster.local/");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String target = System.getenv().getOrDefault("TARGET", "World");

    @Override
    public String apply(String body) {
        if (body.strip().equals("fail")) {
            throw new IllegalStateException("asked to fail");
        }
        return "Hello " + target + "! " + quote() + "\n";
    }

    private String quote() {
        try {
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(QUOTE).build(), BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return answer.body().strip();
            }
            String id = answer.headers().firstValue("x-request-id").orElse("none");
            return "No quote: " + answer.statusCode() + " for request " + id + ": "
                    + answer.body().strip();
        } catch (ConnectException _) {
            return "No quote: there is no " + QUOTE.getHost();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while quoting", e);
        }
    }
}
