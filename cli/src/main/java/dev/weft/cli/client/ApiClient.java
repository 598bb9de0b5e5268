package dev.weft.cli.client;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Speaks to the API of a running platform, trusting exactly the authority that its kubeconfig names. */
public final class ApiClient {

    /** What the server is asked for when a person will read it: columns instead of documents. */
    public static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final Kubeconfig kubeconfig;
    private final HttpClient http;

    public ApiClient(Kubeconfig kubeconfig) {
        this.kubeconfig = kubeconfig;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .sslContext(trusting(kubeconfig.authorityPem()))
                .build();
    }

    public static ApiClient of(Path dataDirectory) {
        return new ApiClient(Kubeconfig.of(dataDirectory));
    }

    public String server() {
        return kubeconfig.server();
    }

    public JsonNode get(String path) {
        return Texts.parse(text(path, "application/json"));
    }

    /** A missing node where the server says 404. */
    public JsonNode find(String path) {
        HttpResponse<String> answer = send(request(path, "application/json").GET(), BodyHandlers.ofString());
        return answer.statusCode() == 404 ? MissingNode.getInstance() : Texts.parse(checked(answer));
    }

    public String text(String path, String accept) {
        return checked(send(request(path, accept).GET(), BodyHandlers.ofString()));
    }

    /**
     * Sends a document.
     *
     * @param type the body's media type, for example {@code application/merge-patch+json}
     */
    public JsonNode send(String method, String path, String type, String body) {
        HttpRequest.Builder request = request(path, "application/json")
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body));
        return Texts.parse(checked(send(request, BodyHandlers.ofString())));
    }

    /** False where there was nothing to delete. */
    public boolean delete(String path) {
        HttpResponse<String> answer = send(request(path, "application/json").DELETE(), BodyHandlers.ofString());
        if (answer.statusCode() == 404) {
            return false;
        }
        checked(answer);
        return true;
    }

    /** Follows an endless answer line by line, until {@code more} says no or the server ends it. */
    public void lines(String path, Predicate<String> more) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(kubeconfig.server() + path))
                .header("Authorization", "Bearer " + kubeconfig.token())
                .build();
        HttpResponse<InputStream> answer = send(request, BodyHandlers.ofInputStream());
        try (var reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            if (answer.statusCode() >= 300) {
                StringBuilder body = new StringBuilder();
                reader.lines().forEach(body::append);
                throw refusal(answer.statusCode(), body.toString());
            }
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!more.test(line)) {
                    return;
                }
            }
        } catch (IOException e) {
            throw Refusal.failed("the connection to " + kubeconfig.server() + " broke: " + e.getMessage());
        }
    }

    private HttpRequest.Builder request(String path, String accept) {
        return HttpRequest.newBuilder(URI.create(kubeconfig.server() + path))
                .timeout(ANSWER_TIMEOUT)
                .header("Authorization", "Bearer " + kubeconfig.token())
                .header("Accept", accept);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        return send(request.build(), handler);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (ConnectException e) {
            throw Refusal.failed("no platform answers at " + kubeconfig.server()
                    + "; start it with weft up, or name its data directory with --data DIR");
        } catch (IOException e) {
            throw Refusal.failed("the API at " + kubeconfig.server() + " could not be asked: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted");
        }
    }

    private static String checked(HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw refusal(answer.statusCode(), answer.body());
        }
        return answer.body();
    }

    /** The server's own sentence, where it sent one. */
    private static Refusal refusal(int status, String body) {
        String message = body.strip();
        List<String> fields = List.of();
        if (message.startsWith("{")) {
            JsonNode tree = Texts.parse(message);
            message = tree.path("message").asString(tree.path("detail").asString(message));
            fields = tree.at("/details/causes")
                    .valueStream()
                    .map(cause -> cause.path("field").asString(""))
                    .filter(field -> !field.isEmpty())
                    .toList();
        }
        return Refusal.failed(message.isEmpty() ? "the API answered with status " + status : message, fields);
    }

    private static SSLContext trusting(String authorityPem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int index = 0;
            var pem = new ByteArrayInputStream(authorityPem.getBytes(StandardCharsets.US_ASCII));
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority-" + index++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw Refusal.impossible("the authority in the kubeconfig cannot be read: " + e.getMessage());
        }
    }
}
