package dev.weft.apiserver.admission;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sends one AdmissionReview (admission.k8s.io/v1) to a webhook. */
final class WebhookCall {

    /** Addresses of pods, which exist in the pods' own networks alone. */
    private static final List<String> POD_RANGES = List.of("10.244.", "[fd10:244:");

    private static final int ANSWER_BYTES_MAX = 4 << 20;

    /** @param host what the certificate has to be for */
    private record Place(URI uri, String host) {}

    private final ResourceStore store;

    WebhookCall(ResourceStore store) {
        this.store = store;
    }

    /**
     * The {@code response} of the answer.
     *
     * @throws IOException when there is no answer that counts, saying why
     */
    JsonNode ask(JsonNode webhook, Attempt attempt) throws IOException {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
        ObjectNode request = attempt.request();
        request.set("object", Attempt.orNull(attempt.object()));
        request.set("oldObject", Attempt.orNull(attempt.before()));
        review.set("request", request);
        JsonNode answer = send(webhook, review);
        JsonNode response = answer.path("response");
        boolean ours = answer.path("kind").asString("").equals("AdmissionReview")
                && response.path("uid").asString("").equals(request.path("uid").asString(""));
        if (!ours) {
            throw new IOException("received invalid webhook response: expected an AdmissionReview with response.uid="
                    + request.path("uid"));
        }
        return response;
    }

    private JsonNode send(JsonNode webhook, ObjectNode review) throws IOException {
        JsonNode config = webhook.path("clientConfig");
        Duration timeout =
                Duration.ofSeconds(Math.clamp(webhook.path("timeoutSeconds").asInt(10), 1, 30));
        try {
            Place place = place(config);
            SSLContext trust = Trust.context(
                    Base64.getDecoder().decode(config.path("caBundle").asString("")), place.host());
            String separator = place.uri().getRawQuery() == null ? "?" : "&";
            URI uri = URI.create(place.uri() + separator + "timeout=" + timeout.toSeconds() + "s");
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            JsonMapper.shared().writeValueAsBytes(review)))
                    .build();
            HttpResponse<byte[]> response = answer(trust, request, timeout);
            if (response.statusCode() != 200) {
                throw new IOException("the server answered " + response.statusCode());
            }
            return JsonMapper.shared().readTree(response.body());
        } catch (GeneralSecurityException | IllegalArgumentException | JacksonException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The whole answer within the timeout: that of a request would end with the answer's head. */
    private static HttpResponse<byte[]> answer(SSLContext trust, HttpRequest request, Duration timeout)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().sslContext(trust).build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(Objects.toString(cause.getMessage(), cause.toString()), cause);
        } finally {
            answer.cancel(true);
            client.shutdownNow(); // to close it would wait for an answer that never ends
        }
    }

    private Place place(JsonNode config) throws IOException {
        if (config.has("url")) {
            URI uri = URI.create(config.path("url").asString(""));
            if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
                throw new IOException("clientConfig.url has to begin with https://");
            }
            return new Place(uri, uri.getHost().replaceAll("[\\[\\]]", ""));
        }
        JsonNode service = config.path("service");
        String name = service.path("name").asString("");
        String namespace = service.path("namespace").asString("default");
        int port = service.path("port").asInt(443);
        String path = service.path("path").asString("/");
        if (!path.startsWith("/")) {
            throw new IOException("clientConfig.service.path has to begin with /");
        }
        String address = address(namespace, name, port)
                .orElseThrow(() -> new IOException("service \"" + name + "\" has no endpoint for port " + port));
        if (POD_RANGES.stream().anyMatch(address::startsWith)) {
            throw new IOException("service \"" + name + "\" has the endpoint " + address
                    + ", a pod with a network of its own, which the API does not reach: run it with hostNetwork, or"
                    + " outside of Weft");
        }
        return new Place(URI.create("https://" + address + path), name + "." + namespace + ".svc");
    }

    /** A ready endpoint of a Service's port. */
    private Optional<String> address(String namespace, String name, int port) {
        Optional<Resource> service = store.get(Kinds.SERVICE.key(namespace, name));
        String portName = service.stream()
                .flatMap(it -> it.at("/spec/ports").valueStream())
                .filter(it -> it.path("port").asInt(0) == port)
                .map(it -> it.path("name").asString(""))
                .findFirst()
                .orElse("");
        for (Resource slice : store.list(Kinds.ENDPOINT_SLICE)) {
            boolean meant = slice.namespace().equals(namespace)
                    && name.equals(slice.labels().get("kubernetes.io/service-name"));
            if (!meant) {
                continue;
            }
            Optional<Integer> number = slice.at("/ports")
                    .valueStream()
                    .filter(it -> it.path("name").asString("").equals(portName))
                    .map(it -> it.path("port").asInt(0))
                    .findFirst();
            for (JsonNode endpoint : slice.at("/endpoints")) {
                boolean ready = endpoint.at("/conditions/ready").asBoolean(true);
                String address = endpoint.at("/addresses/0").asString("");
                if (ready && number.isPresent() && !address.isEmpty()) {
                    return Optional.of((address.contains(":") ? "[" + address + "]" : address) + ":" + number.get());
                }
            }
        }
        return Optional.empty();
    }
}
