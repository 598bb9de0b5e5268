package dev.weft.cli.demo;

import static dev.weft.cli.demo.Serverless.ms;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Statements 5, 6, 8 and 12: identities, encryption, counters, access, and why. */
final class Mesh {

    private static final String TARGETS = "/apis/access.smi-spec.io/v1alpha3/namespaces/default/traffictargets";
    private static final String TARGET = "hello-may-call-quote";
    private static final String STRANGER = "stranger.default.example.com";
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);
    private static final List<String> HOPS = List.of("edge", "inbound hello", "outbound hello", "inbound quote");

    private final Stage stage;
    private final Serverless serverless;
    private String refusedId = "";

    Mesh(Stage stage, Serverless serverless) {
        this.stage = stage;
        this.serverless = serverless;
    }

    /** 5. One request while a tap and a capture are open. */
    String hops() throws InterruptedException {
        var seen = new ConcurrentHashMap<String, JsonNode>();
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch whole = new CountDownLatch(1);
        Thread tap = Thread.ofVirtual()
                .start(() -> stage.api().lines("/weft/v1/tap", line -> {
                    open.countDown();
                    if (!line.isBlank()) {
                        JsonNode outcome = dev.weft.cli.client.Texts.parse(line);
                        seen.putIfAbsent(hopName(outcome), outcome);
                    }
                    boolean all = seen.keySet().containsAll(HOPS);
                    if (all) {
                        whole.countDown();
                    }
                    return !all;
                }));
        open.await(1, TimeUnit.SECONDS); // a tap need not say anything before the first request
        stage.api().send("PUT", "/weft/v1/capture", "application/json", "{}");
        Answer answer = stage.get(stage.https(Stage.HOST), "/");
        serverless.sent(1);
        boolean complete = whole.await(5, TimeUnit.SECONDS);
        tap.interrupt();
        NotHeld.unless(complete, "outcomes of " + HOPS, seen.keySet());
        JsonNode capture = stage.api().get("/weft/v1/capture");
        stage.api().delete("/weft/v1/capture");
        StringBuilder text = new StringBuilder();
        JsonNode edge = hop(seen, "edge");
        text.append("client -%s-> edge".formatted(tls(edge.path("client"))));
        text.append(" -%s-> %s".formatted(tls(edge.path("server")), identity(edge.path("server"))));
        JsonNode outbound = hop(seen, "outbound hello");
        text.append(" -%s-> %s".formatted(tls(outbound.path("server")), identity(outbound.path("server"))));
        mutual(edge, hop(seen, "inbound hello"), "spiffe://cluster.local/ns/weft/sa/edge");
        mutual(outbound, hop(seen, "inbound quote"), "spiffe://cluster.local/ns/default/sa/hello");
        return text + "; " + captured(capture, answer.body());
    }

    /** 6. The counters of the graph's edges are exactly what was sent. */
    String goldenMetrics() {
        Await.until(
                serverless.sentToHello() + " requests on edge → hello and on hello → quote",
                SETTLE_LIMIT,
                () -> requests("edge", "hello") == serverless.sentToHello()
                        && requests("hello", "quote") == serverless.sentToHello(),
                () -> requests("edge", "hello") + " and " + requests("hello", "quote") + ": " + edges());
        List<String> lines = new ArrayList<>();
        for (JsonNode row : edges()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s → %s %.2f %% of %d, %.0f/s, p50 %s p95 %s p99 %s",
                    row.path("src").asString(""),
                    row.path("dst").asString(""),
                    100 * row.path("success").asDouble(0),
                    row.path("requests").asLong(0),
                    row.path("rps").asDouble(0),
                    ms(row.path("latencyP50Ms").asDouble(0)),
                    ms(row.path("latencyP95Ms").asDouble(0)),
                    ms(row.path("latencyP99Ms").asDouble(0))));
        }
        return "counters equal the " + serverless.sentToHello() + " requests sent; " + String.join("; ", lines);
    }

    /** 8. Nobody but hello; and hello neither when its permission is taken away. */
    String access() {
        Answer refused = stage.get(stage.http(STRANGER), "/");
        refusedId = refused.header("x-quote-request-id");
        NotHeld.unless(
                refused.status() == 403 && refused.body().contains("TrafficTarget"),
                "403 that names the missing TrafficTarget",
                refused);
        ObjectNode target = (ObjectNode) stage.api().get(TARGETS + "/" + TARGET);
        stage.api().delete(TARGETS + "/" + TARGET);
        Answer stopped = awaitHello(403);
        NotHeld.unless(stopped.body().contains("TrafficTarget"), "the reason in the answer of hello", stopped);
        ObjectNode again = dev.weft.cli.client.Texts.object(target.toString());
        again.remove("status");
        ((ObjectNode) again.path("metadata"))
                .remove(List.of("uid", "resourceVersion", "creationTimestamp", "generation"));
        long put = System.nanoTime();
        stage.api().send("POST", TARGETS, "application/json", again.toString());
        awaitHello(200);
        return "stranger got 403 \"%s\"; without the TrafficTarget hello got 403 too; with it again hello was healed in %s"
                .formatted(refused.body().strip(), ms((System.nanoTime() - put) / 1e6));
    }

    /** 12. */
    String why() {
        String text = stage.command("why", refusedId);
        NotHeld.unless(
                text.contains("access-denied") && text.contains("TrafficTarget"),
                "a chain that ends in access-denied and names the TrafficTarget",
                text);
        return "request " + refusedId + "\n" + text.indent(8).stripTrailing();
    }

    private Answer awaitHello(int status) {
        return Await.until(
                status + " from hello",
                SETTLE_LIMIT,
                () -> {
                    Answer answer = stage.get(stage.http(Stage.HOST), "/");
                    serverless.sent(1);
                    return java.util.Optional.of(answer).filter(got -> got.status() == status);
                },
                () -> stage.get(stage.http(Stage.HOST), "/"));
    }

    private long requests(String source, String destination) {
        long sum = 0;
        for (JsonNode row : edges()) {
            if (row.path("src").asString("").startsWith(source)
                    && row.path("dst").asString("").startsWith(destination)) {
                sum += row.path("requests").asLong(0);
            }
        }
        return sum;
    }

    private JsonNode edges() {
        return stage.api().get("/weft/v1/edges?window=all").path("rows");
    }

    /** Both ends of one connection saw the certificate of the other, in TLS 1.3. */
    private static void mutual(JsonNode client, JsonNode server, String clientIdentity) {
        NotHeld.unless(
                tls(client.path("server")).equals("TLSv1.3")
                        && tls(server.path("client")).equals("TLSv1.3"),
                "TLSv1.3 on both sides",
                client.path("server") + " and " + server.path("client"));
        NotHeld.unless(
                identity(server.path("client")).equals(clientIdentity),
                clientIdentity,
                identity(server.path("client")));
        String own = server.at("/reporter/identity").asString("");
        NotHeld.unless(identity(client.path("server")).equals(own), own, identity(client.path("server")));
    }

    /** TLS records only, and none of the answer's words in them. */
    private static String captured(JsonNode capture, String body) {
        long bytes = 0;
        int connections = 0;
        for (JsonNode connection : capture.path("connections")) {
            byte[] wire = Base64.getDecoder().decode(connection.path("bytes").asString(""));
            String text = new String(wire, StandardCharsets.ISO_8859_1);
            for (String word : body.split("\\W+", -1)) {
                NotHeld.unless(
                        word.length() < 4 || !text.contains(word),
                        "no word of the answer on the wire",
                        "\"" + word + "\"");
            }
            bytes += wire.length;
            connections++;
        }
        NotHeld.unless(
                connections >= 2 && bytes > 0, "bytes of at least two connections", bytes + " of " + connections);
        return bytes + " bytes captured on " + connections + " mesh connections, none of the answer's words in them";
    }

    private static String hopName(JsonNode outcome) {
        String hop = outcome.path("hop").asString("");
        String owner = outcome.at("/reporter/owner").asString("");
        return hop.equals("edge") ? hop : hop + " " + owner.replaceFirst("-.*", "");
    }

    private static JsonNode hop(java.util.Map<String, JsonNode> seen, String name) {
        return java.util.Objects.requireNonNull(seen.get(name));
    }

    private static String identity(JsonNode peer) {
        return peer.path("identity").asString("");
    }

    private static String tls(JsonNode peer) {
        return peer.path("tls").asString("");
    }
}
