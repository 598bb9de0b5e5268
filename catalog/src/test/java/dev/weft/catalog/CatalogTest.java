package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CatalogTest {

    private final ManualClock clock = new ManualClock();
    private final Catalog catalog =
            new Catalog(new MemoryStore(), Given.snapshots(Given.snapshot()), clock, CatalogOptions.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private Server server = new Server();

    @BeforeEach
    void mount() throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        PathMappingsHandler paths = new PathMappingsHandler();
        catalog.handlers()
                .forEach((name, handler) -> paths.addMapping(PathSpec.from("/weft/v1/" + name + "/*"), handler));
        server.setHandler(paths);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.shutdownNow();
        server.stop();
        catalog.close();
    }

    @Test
    void statShowsWorkloadsByTheirOwnProxyAndServicesByTheirClients() {
        traffic(50, 200);
        traffic(50, 500);
        clock.forward(Duration.ofSeconds(10));

        JsonNode quote = row(get("stat?kind=svc&window=all"), "quote");
        JsonNode v1 = row(get("stat?kind=deploy&window=all"), "quote-v1");

        assertThat(quote.path("requests").asLong()).isEqualTo(100);
        assertThat(quote.path("success").asDouble()).isEqualTo(0.5);
        assertThat(quote.path("rps").asDouble()).isEqualTo(10.0);
        assertThat(quote.path("meshed").asString()).isEqualTo("2/2");
        assertThat(v1.path("requests").asLong()).isEqualTo(100);
        assertThat(row(get("stat?kind=deploy"), "quote-v2").path("success").isNull())
                .isTrue();
    }

    @Test
    void aWindowCountsOnlyWhatEndedInIt() {
        traffic(30, 500);
        catalog.tick();
        clock.forward(Duration.ofSeconds(30));
        catalog.tick();
        traffic(20, 200);

        JsonNode quote = row(get("stat?kind=svc&window=10s"), "quote");

        assertThat(quote.path("requests").asLong()).isEqualTo(20);
        assertThat(quote.path("success").asDouble()).isEqualTo(1.0);
    }

    @Test
    void edgesShowTheIdentitiesThatBothEndsSaw() {
        traffic(1, 200);
        catalog.listener().ended(Given.edge("e", 200, 4));

        JsonNode rows = get("edges").path("rows");

        assertThat(rows.size()).isEqualTo(2);
        JsonNode hello = rows.get(0);
        assertThat(hello.path("src").asString()).isEqualTo("hello-00001-deployment");
        assertThat(hello.path("dst").asString()).isEqualTo("quote-v1");
        assertThat(hello.path("clientId").asString()).isEqualTo("spiffe://cluster.local/ns/default/sa/hello");
        assertThat(hello.path("serverId").asString()).isEqualTo("spiffe://cluster.local/ns/default/sa/quote");
        assertThat(hello.path("secured").asBoolean()).isTrue();
        assertThat(hello.path("keyExchange").asString()).isEqualTo("X25519MLKEM768");
        assertThat(rows.get(1).path("clientId").asString())
                .as("hello's proxy saw nobody")
                .isEmpty();
    }

    /** Only the beginning of an answer is read: a tap's has no end. */
    @Test
    void nothingAnswersAnotherMethodThanGet() throws Exception {
        for (String name : catalog.handlers().keySet()) {
            for (String method : List.of("POST", "PUT", "DELETE", "HEAD")) {
                HttpRequest request = HttpRequest.newBuilder(uri(name))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();

                HttpResponse<InputStream> refused = client.send(request, HttpResponse.BodyHandlers.ofInputStream());

                assertThat(refused.statusCode()).as("%s %s", method, name).isEqualTo(405);
                assertThat(refused.headers().firstValue("Allow")).hasValue("GET");
                refused.body().close();
            }
        }
    }

    @Test
    void aTapStartsWithoutARestartAndEndsAfterAsManyAsWanted() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("tap?max=2&workload=hello-00001-deployment"))
                .build();
        var response = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .get(60, java.util.concurrent.TimeUnit.SECONDS);
        traffic(2, 200);

        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            var shown = lines.lines().filter(line -> !line.isEmpty()).toList();
            assertThat(shown).hasSize(2);
            assertThat(JsonMapper.shared()
                            .readTree(shown.getFirst())
                            .path("service")
                            .asString())
                    .isEqualTo("default/quote-v1:80");
        }
    }

    @Test
    void aTapIsSeenByWhoeverTellsDecisionsWhileItIsOpenAndNoLonger() throws Exception {
        java.util.concurrent.BlockingQueue<Boolean> told = new java.util.concurrent.LinkedBlockingQueue<>();
        catalog.onTap(told::add);
        var response = client.sendAsync(
                        HttpRequest.newBuilder(uri("tap?max=1")).build(), HttpResponse.BodyHandlers.ofInputStream())
                .get(60, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(told.poll(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        traffic(1, 200);
        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("requestId");
        assertThat(told.poll(60, java.util.concurrent.TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void whyOfARequestThatIsNotKeptSaysSo() {
        JsonNode problem = get("why/nobody-knows");

        assertThat(problem.path("status").asInt()).isEqualTo(404);
        assertThat(problem.path("detail").asString()).contains("nobody-knows");
    }

    @Test
    void countersAreThoseThatEverythingIsComputedFrom() {
        traffic(123, 200);

        long outbound = 0;
        for (JsonNode series : get("counters").path("series")) {
            if (series.at("/labels/direction").asString().equals("outbound")) {
                outbound += series.path("count").asLong();
            }
        }

        assertThat(outbound).isEqualTo(123);
    }

    @Test
    void aWindowThatMakesNoSenseIsRefusedWithWhatWouldDo() {
        assertThat(get("stat?window=yesterday").path("detail").asString())
                .isEqualTo("window: \"yesterday\" (expected: for example 30s, 5m, or all)");
    }

    private void traffic(int requests, int status) {
        for (int i = 0; i < requests; i++) {
            catalog.listener().ended(Given.outbound("r" + i, Given.HELLO, Given.QUOTE_V1, status, 5));
            catalog.listener().ended(Given.inbound("r" + i, Given.HELLO.identity(), Given.QUOTE_V1, status, 4));
        }
    }

    private static JsonNode row(JsonNode table, String name) {
        for (JsonNode row : table.path("rows")) {
            if (row.path("name").asString().equals(name)) {
                return row;
            }
        }
        throw new AssertionError("no row " + name + " in " + table);
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
            return JsonMapper.shared()
                    .readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(path, e);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getURI().getPort() + "/weft/v1/" + path);
    }
}
