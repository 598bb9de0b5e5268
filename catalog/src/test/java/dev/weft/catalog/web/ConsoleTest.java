package dev.weft.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.Catalog;
import dev.weft.catalog.CatalogOptions;
import dev.weft.catalog.Given;
import dev.weft.catalog.ManualClock;
import dev.weft.resources.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ConsoleTest {

    private final MemoryStore store = new MemoryStore();
    private final Catalog catalog =
            new Catalog(store, Given.snapshots(Given.snapshot()), new ManualClock(), CatalogOptions.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    @BeforeEach
    void start() throws IOException {
        port = catalog.console(0).port();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        catalog.close();
    }

    @Test
    void everyFileThatThePageNamesIsThereAndNothingComesFromElsewhere() throws Exception {
        Pattern names = Pattern.compile("(?:src|href|from)[= ]['\"]([^'\"#]+)['\"]");
        Matcher first = names.matcher(get("/").body());
        while (first.find()) {
            HttpResponse<String> file = get(first.group(1));
            assertThat(file.statusCode()).as(first.group(1)).isEqualTo(200);
            Matcher imported = Pattern.compile("from '\\./([^']+)'").matcher(file.body());
            while (imported.find()) {
                assertThat(get("/assets/" + imported.group(1)).statusCode()).isEqualTo(200);
            }
        }
        assertThat(get("/").headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self';")
                .doesNotContain("unsafe");
    }

    @Test
    void aRequestThatNamesAnotherHostGetsNothing() throws IOException {
        assertThat(statusLine("evil.example")).contains("421");
        assertThat(statusLine("evil.example:" + port)).contains("421");
        assertThat(statusLine("localhost.evil.example")).contains("421");
        assertThat(statusLine("localhost:" + port)).contains("200");
        assertThat(statusLine("console.localhost")).contains("200");
        assertThat(statusLine("[::1]:" + port)).contains("200");
    }

    @Test
    void theStreamBeginsWithEverySection() throws Exception {
        ConsoleExample.resources(store);
        catalog.listener().ended(Given.edge("r", 200, 5));
        Map<String, JsonNode> sections = stream();

        assertThat(sections.keySet()).containsExactlyInAnyOrder("summary", "topology", "slos", "resources", "refusals");
        assertThat(section(sections, "summary").path("requests").asLong()).isEqualTo(1);
        assertThat(section(sections, "topology").path("nodes").size()).isGreaterThan(5);
        assertThat(section(sections, "resources").toString()).contains("ImageNotLocal");
        assertThat(section(sections, "slos").get(0).path("total").asLong()).isEqualTo(1);
    }

    @Test
    void whyIsThereAndTapIsNot() throws Exception {
        catalog.listener().ended(Given.edge("id-1", 503, 5));

        assertThat(get("/api/why/id-1").body()).contains("Request id-1");
        assertThat(get("/metrics").body()).contains("request_total{");
        assertThat(get("/api/tap").statusCode()).isEqualTo(404);
        assertThat(get("/assets/../../etc/passwd").statusCode()).isIn(400, 404);
    }

    /** A server at every address would be at this one of loopback's too. */
    @Test
    void isAtOneAddressOfLoopbackAlone() throws IOException {
        assertThat(statusLine("localhost")).contains("200");
        assertThatThrownBy(() -> new Socket("127.0.0.2", port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void nothingCanBeChangedHere() throws Exception {
        for (String path : List.of("/", "/api/state", "/api/why/id-1", "/api/edges", "/api/stream", "/metrics")) {
            for (String method : List.of("POST", "PUT", "DELETE")) {
                HttpRequest request = HttpRequest.newBuilder(uri(path))
                        .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
                HttpResponse<InputStream> refused = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
                assertThat(refused.statusCode()).as("%s %s", method, path).isEqualTo(405);
                assertThat(refused.headers().firstValue("Allow"))
                        .hasValueSatisfying(allowed -> assertThat(allowed).startsWith("GET"));
                refused.body().close();
            }
        }
    }

    @Test
    void aTakenPortIsAnError() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> catalog.console(taken.getLocalPort())).isInstanceOf(IOException.class);
        }
    }

    private static JsonNode section(Map<String, JsonNode> sections, String name) {
        return java.util.Objects.requireNonNull(sections.get(name));
    }

    private Map<String, JsonNode> stream() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/stream")).build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        Map<String, JsonNode> sections = new HashMap<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String event = "";
            while (!event.equals("tick")) {
                String line = lines.readLine();
                if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    sections.put(event, JsonMapper.shared().readTree(line.substring(6)));
                }
            }
        }
        sections.remove("tick");
        return sections;
    }

    private String statusLine(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
