package dev.weft.cli.function;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Query;
import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings a function to a platform and waits for it. */
final class Release {

    private static final String SERVING = "/apis/serving.knative.dev/v1/namespaces/";
    private static final String IMAGES = "/apis/weft.dev/v1alpha1/localimages";
    private static final long LOOK_NANOS = 20_000_000;

    private final ApiClient client;
    private final PrintWriter out;
    private final Documents documents;
    private final String namespace;
    private final String name;
    private final String path;

    Release(ApiClient client, PrintWriter out, Documents documents, String namespace, String name) {
        this.client = client;
        this.out = out;
        this.documents = documents;
        this.namespace = namespace;
        this.name = name;
        this.path = SERVING + namespace + "/services/" + name;
    }

    /** All requests go to what was built, once it is ready. Returns the Service's generation, to wait for. */
    long newest(Build.Built built) {
        apply(IMAGES + "/" + documents.image(built), documents.localImage(built));
        ObjectNode service = documents.service(built);
        service.withObject("/spec")
                .putArray("traffic")
                .addObject()
                .put("latestRevision", true)
                .put("percent", 100);
        return apply(path, service);
    }

    /** All requests go to a revision that was there before; {@code built} stays the newest. */
    long older(Build.Built built, String revision) {
        ObjectNode service = documents.service(built);
        service.withObject("/spec")
                .putArray("traffic")
                .addObject()
                .put("revisionName", revision)
                .put("percent", 100);
        return apply(path, service);
    }

    private long apply(String path, ObjectNode document) {
        String parameters = "?fieldManager=weft-fn&force=true";
        return client.send("PATCH", path + parameters, "application/apply-patch+yaml", document.toString())
                .at("/metadata/generation")
                .asLong(0);
    }

    /** Waits until it is ready, says what it waits for, and returns the Service. */
    JsonNode await(long generation, int secondsMax) {
        long began = System.nanoTime();
        String said = "";
        while (true) {
            JsonNode service = client.get(path);
            JsonNode ready = condition(service);
            boolean seen = service.at("/status/observedGeneration").asLong(-1) >= generation;
            String status = seen ? ready.path("status").asString("Unknown") : "Unknown";
            String message = ready.path("message").asString("");
            double seconds = (System.nanoTime() - began) / 1e9;
            if (status.equals("True")) {
                out.println(String.format(Locale.ROOT, "  %.3fs Ready to serve.", seconds));
                return service;
            }
            if (seen && moves(service, ready)) {
                out.println(
                        String.format(Locale.ROOT, "  %.3fs Ready to serve; its share of the traffic grows.", seconds));
                return service;
            }
            if (status.equals("False")) {
                throw Refusal.failed("it does not start: " + message);
            }
            if (seconds > secondsMax) {
                throw Refusal.failed("it is not ready after " + secondsMax + " s: " + message);
            }
            if (!message.isEmpty() && !message.equals(said)) {
                out.println(String.format(Locale.ROOT, "  %.3fs %s", seconds, message));
                out.flush();
                said = message;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** A gradual rollout has begun: the newest revision is ready, and serves its first requests. */
    private static boolean moves(JsonNode service, JsonNode ready) {
        return ready.path("reason").asString("").equals("RolloutInProgress")
                && service.at("/status/latestReadyRevisionName")
                        .equals(service.at("/status/latestCreatedRevisionName"));
    }

    /** Deletes this function's images that no revision names, and what their builds alone are made of. */
    void clean(Build.Built built, Path folder) {
        Set<String> named = new HashSet<>(Set.of(documents.image(built)));
        String ofService = "?labelSelector=" + Query.encode("serving.knative.dev/service=" + name);
        for (JsonNode revision :
                client.get(SERVING + namespace + "/revisions" + ofService).path("items")) {
            for (JsonNode container : revision.at("/spec/containers")) {
                named.add(container.path("image").asString(""));
            }
        }
        StringBuilder needed = new StringBuilder();
        StringBuilder gone = new StringBuilder();
        for (JsonNode image : client.get(IMAGES).path("items")) {
            String own = image.at("/metadata/name").asString("");
            if (ours(image.at("/metadata/labels")) && !named.contains(own)) {
                client.delete(IMAGES + "/" + own);
                gone.append(image.path("spec"));
            } else {
                needed.append(image.path("spec"));
            }
        }
        try {
            new Builds(folder).delete(gone.toString(), needed.toString());
        } catch (IOException | UncheckedIOException e) {
            out.println("  builds that nobody needs stay: " + e.getMessage());
        }
    }

    private boolean ours(JsonNode labels) {
        return labels.path(Documents.LABEL).asString("").equals(name)
                && labels.path(Documents.NAMESPACE_LABEL).asString("").equals(namespace);
    }

    private static JsonNode condition(JsonNode service) {
        for (JsonNode condition : service.at("/status/conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition;
            }
        }
        return service.path("none");
    }
}
