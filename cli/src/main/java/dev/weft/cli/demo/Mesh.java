package dev.weft.cli.demo;

import static dev.weft.cli.demo.Serverless.ms;

import dev.weft.cli.client.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Statements 5, 6, 8 and 12: identities, encryption, counters, access, and why. */
final class Mesh {

    private static final String TARGETS = "/apis/access.smi-spec.io/v1alpha3/namespaces/default/traffictargets";
    private static final String TARGET = "hello-may-call-quote";
    private static final String STRANGER = "stranger.default.example.com";
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);
    private static final String SPIFFE = "spiffe://cluster.local/ns/";
    private static final List<String> HOPS = List.of("edge", "inbound hello", "outbound hello", "inbound quote");

    /** How hello tells that it was refused a quote. */
    private static final Pattern REFUSAL = Pattern.compile("No quote: 403 for request (\\S+): (.*)", Pattern.DOTALL);

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
                        JsonNode outcome = Texts.parse(line);
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
        text.append("client -%s-> edge %s"
                .formatted(
                        tls(edge.path("client")),
                        identity(hop(seen, "inbound hello").path("client"))));
        text.append(" -%s-> %s".formatted(tls(edge.path("server")), identity(edge.path("server"))));
        JsonNode outbound = hop(seen, "outbound hello");
        text.append(" -%s-> %s".formatted(tls(outbound.path("server")), identity(outbound.path("server"))));
        NotHeld.unless(tls(edge.path("client")).equals("TLSv1.3"), "TLSv1.3 from the client", edge.path("client"));
        mutual(edge, hop(seen, "inbound hello"), SPIFFE + "weft/sa/edge", SPIFFE + "default/sa/hello");
        mutual(outbound, hop(seen, "inbound quote"), SPIFFE + "default/sa/hello", SPIFFE + "default/sa/quote");
        return text + "; " + captured(capture, List.of(edge, outbound), answer.body());
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
            NotHeld.unless(row.path("success").asDouble(0) == 1, "a success rate of 1 on every edge", row);
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
        Matcher refusal = REFUSAL.matcher(refused.body());
        NotHeld.unless(
                refusal.find() && refusal.group(2).contains("TrafficTarget"),
                "403 for the pod of stranger, naming the missing TrafficTarget",
                refused);
        refusedId = refusal.group(1);
        String path = TARGETS + "/" + TARGET;
        ObjectNode target = Texts.object(stage.api().get(path).toString());
        stage.api().delete(path);
        String stopped = awaitHello("No quote: 403");
        NotHeld.unless(stopped.contains("TrafficTarget"), "the reason in the answer of hello", stopped);
        target.remove("status");
        List.of("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")
                .forEach(target.withObject("/metadata")::remove);
        long put = System.nanoTime();
        stage.api().send("POST", TARGETS, "application/json", target.toString());
        awaitHello("(quote v");
        return "stranger got 403 \"%s\"; without the TrafficTarget hello got 403 too, with it again it was healed in %s"
                .formatted(detail(refusal.group(2)), ms((System.nanoTime() - put) / 1e6));
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

    private String awaitHello(String expected) {
        AtomicReference<String> last = new AtomicReference<>("");
        return Await.until(
                "\"" + expected + "\" from hello",
                SETTLE_LIMIT,
                () -> {
                    String body = stage.get(stage.http(Stage.HOST), "/").body();
                    serverless.sent(1);
                    last.set(body);
                    return Optional.of(body).filter(got -> got.contains(expected));
                },
                last::get);
    }

    /** The sentence in the problem that the proxy answered with. */
    private static String detail(String problem) {
        return problem.strip().startsWith("{")
                ? Texts.parse(problem).path("detail").asString(problem)
                : problem;
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

    /** Each end of one connection saw the certificate of the other, in TLS 1.3. */
    private static void mutual(JsonNode client, JsonNode server, String clientIdentity, String serverIdentity) {
        NotHeld.unless(
                tls(client.path("server")).equals("TLSv1.3")
                        && tls(server.path("client")).equals("TLSv1.3"),
                "TLSv1.3 on both sides",
                client.path("server") + " and " + server.path("client"));
        NotHeld.unless(
                identity(server.path("client")).equals(clientIdentity),
                clientIdentity,
                identity(server.path("client")));
        NotHeld.unless(
                identity(client.path("server")).equals(serverIdentity),
                serverIdentity,
                identity(client.path("server")));
    }

    /** Each hop's own connection, and every other: TLS 1.3 and encrypted records, none of the answer's words. */
    private static String captured(JsonNode capture, List<JsonNode> hops, String body) {
        long bytes = 0;
        int connections = 0;
        for (JsonNode connection : capture.path("connections")) {
            byte[] sent = wire(connection, "sent");
            byte[] received = wire(connection, "received");
            boolean accepted = connection.path("accepted").asBoolean();
            int version = TlsRecords.read(accepted ? sent : received).version();
            NotHeld.unless(version == TlsRecords.TLS_1_3, "a server's hello of TLS 1.3", connection);
            unreadable(sent, body);
            unreadable(received, body);
            bytes += sent.length + received.length;
            connections++;
        }
        for (JsonNode hop : hops) {
            carried(capture, hop.at("/server/address").asString(""), body.length());
        }
        return bytes + " bytes captured on " + connections
                + " ends of mesh connections: TLS 1.3 by the server's hello, none of the answer's words";
    }

    /** An answer of that length came back, encrypted, on a captured connection to this address. */
    private static void carried(JsonNode capture, String address, int length) {
        long encrypted = 0;
        for (JsonNode connection : capture.path("connections")) {
            boolean made = !connection.path("accepted").asBoolean();
            if (made && connection.path("remote").asString("").endsWith("/" + address)) {
                long bytes = TlsRecords.read(wire(connection, "received")).applicationBytes();
                encrypted = Math.max(encrypted, bytes);
            }
        }
        NotHeld.unless(encrypted >= length, length + " encrypted bytes or more from " + address, encrypted);
    }

    private static void unreadable(byte[] wire, String body) {
        String text = new String(wire, StandardCharsets.ISO_8859_1);
        for (String word : body.split("\\W+", -1)) {
            boolean readable = word.length() >= 5 && text.contains(word);
            NotHeld.unless(!readable, "no word of the answer on the wire", "\"" + word + "\"");
        }
    }

    private static byte[] wire(JsonNode connection, String direction) {
        return Base64.getDecoder().decode(connection.path(direction).asString(""));
    }

    private static String hopName(JsonNode outcome) {
        String hop = outcome.path("hop").asString("");
        String owner = outcome.at("/reporter/owner").asString("");
        return hop.equals("edge") ? hop : hop + " " + owner.replaceFirst("-.*", "");
    }

    private static JsonNode hop(Map<String, JsonNode> seen, String name) {
        return Objects.requireNonNull(seen.get(name));
    }

    private static String identity(JsonNode peer) {
        return peer.path("identity").asString("");
    }

    private static String tls(JsonNode peer) {
        return peer.path("tls").asString("");
    }
}
