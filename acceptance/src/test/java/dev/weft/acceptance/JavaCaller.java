package dev.weft.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A program for a pod: prints what an address answers to Java's own client, with its usual settings. */
final class JavaCaller {

    private JavaCaller() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(arguments[0])).build();
            System.out.println(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }
}
