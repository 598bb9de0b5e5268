package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The proxy and a strict server behind it never disagree on where a request ends: what is ambiguous is refused with 400
 * and close, and nothing of it is forwarded; what is forwarded, the server understands as the same request.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmugglingTest {

    private static final String EDGE = "shop.test";
    private static final String MESH = "shop.default.svc.cluster.local";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private StrictBackend backend;

    @BeforeAll
    void open() throws Exception {
        backend = stage.closing(new StrictBackend());
        int inbound = Ports.free();
        stage.scene.edge(edge).host(EDGE, "shop");
        EdgeRules.Heads strict = EdgeRules.Heads.DEFAULT;
        stage.scene.rules(EdgeRules.DEFAULT.with(new EdgeRules.Heads(
                EdgeRules.Underscores.ALLOW, // the corpus is about framing; EdgeRulesTest is about names
                strict.escapedSlashes(),
                strict.mergeSlashes(),
                strict.bytesMax(),
                strict.targetBytesMax(),
                strict.fieldsMax())));
        stage.scene.pod("shop", "127.1.0.9", Ports.free(), inbound, backend.port());
        stage.scene.pod("caller", "127.1.0.8", outbound, Ports.free(), Ports.free());
        stage.scene.group(
                "shop",
                new Endpoint("127.1.0.9", inbound, Optional.of(Scene.workload("shop")), Endpoint.Transport.MESH));
        stage.show();
    }

    @AfterAll
    void close() throws IOException {
        stage.close();
    }

    static Stream<SmugglingCases.Case> cases() {
        return SmugglingCases.all().stream();
    }

    @Test
    void theCorpusIsLargeAndEveryCaseIsAnother() {
        List<SmugglingCases.Case> all = SmugglingCases.all();
        assertThat(all).hasSizeGreaterThanOrEqualTo(200);
        assertThat(all.stream().map(SmugglingCases.Case::bytes).distinct().count())
                .as("different cases")
                .isEqualTo(all.size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theEdgeAndTheServerAgree(SmugglingCases.Case given) throws IOException {
        agree(given, "127.0.0.1", edge, EDGE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void twoProxiesAndTheServerAgree(SmugglingCases.Case given) throws IOException {
        agree(given, "127.1.0.8", outbound, MESH);
    }

    private void agree(SmugglingCases.Case given, String address, int port, String host) throws IOException {
        backend.forget();
        String canary = "GET /canary HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        List<String> statuses = statuses(address, port, given.bytes().replace("{host}", host) + canary);
        assertThat(backend.refused())
                .as("requests that the server could not read")
                .isZero();
        if (given.refused()) {
            assertThat(statuses).as("answers").containsExactly(Integer.toString(given.status()));
            assertThat(backend.seen()).isEmpty();
            return;
        }
        assertThat(statuses).isEqualTo(List.of("200", "200"));
        assertThat(backend.seen()).hasSize(2);
        assertThat(backend.seen().getFirst().target()).isEqualTo("/first");
        assertThat(backend.seen().getFirst().body()).isEqualTo(given.body());
        assertThat(backend.seen().getLast().target()).isEqualTo("/canary");
    }

    /** The final statuses on one connection, until the proxy closes it. */
    private static List<String> statuses(String address, int port, String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral(address), port)) {
            socket.setSoTimeout(Client.PATIENCE_MILLIS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            Matcher found = STATUS.matcher(readToEnd(socket.getInputStream()));
            return found.results()
                    .map(each -> each.group(1))
                    .filter(each -> !each.startsWith("1"))
                    .toList();
        }
    }

    private static String readToEnd(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketException _) {
            // reset behind the last answer, as some of what was sent was not read
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}
