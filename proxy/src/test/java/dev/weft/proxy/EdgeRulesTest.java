package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the edge does with heads from outside before any route sees them, and the mesh does not. */
class EdgeRulesTest {

    private final Stage stage = new Stage();
    private final int port = Ports.free();
    private Upstream shop;

    @BeforeEach
    void openEdge() throws IOException {
        shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene.edge(port).host("shop.test", "shop").group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client.Answer get(String path, String headers) throws IOException {
        return stage.client(port)
                .send("GET " + path + " HTTP/1.1|Host: shop.test|" + headers + "|")
                .read();
    }

    private static EdgeRules rules(EdgeRules.Underscores underscores, EdgeRules.EscapedSlashes slashes) {
        return EdgeRules.DEFAULT.with(new EdgeRules.Heads(underscores, slashes, true, 60 * 1024, 8 * 1024, 100));
    }

    @Test
    void forwardsThePathThatItDecidedBy() throws IOException {
        assertThat(get("/a/../b/%2e/%63?x=%2e", "").status()).isEqualTo(200);
        assertThat(shop.heads().getFirst()).startsWith("GET /b/c?x=%2e HTTP/1.1|");
    }

    @Test
    void refusesPathsThatProgramsReadDifferently() throws IOException {
        for (String path : new String[] {"/a%2Fb", "/a%5Cb", "/a%00", "/a/..;/b", "/%zz"}) {
            Client.Answer answer = get(path, "");
            assertThat(answer.status()).as(path).isEqualTo(400);
            assertThat(answer.has("weft-error: path-refused")).isTrue();
        }
        assertThat(get("/a\\b", "").status()).isEqualTo(400);
        assertThat(get("/a#b", "").status()).isEqualTo(400);
        assertThat(shop.heads()).isEmpty();
    }

    @Test
    void sendsEscapedSlashesElsewhereWhereItIsTold() throws IOException {
        stage.scene.rules(rules(EdgeRules.Underscores.REFUSE, EdgeRules.EscapedSlashes.REDIRECT));
        stage.show();
        Client.Answer answer = get("/%2Fevil.test/x?y", "");
        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.has("location: http://shop.test/evil.test/x?y")).isTrue();
    }

    @Test
    void treatsHeadersWithUnderscoresAsItIsTold() throws IOException {
        Client.Answer refused = get("/", "X_User: admin|");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.has("weft-error: header-refused")).isTrue();
        assertThat(refused.body()).contains("X_User");
        stage.scene.rules(rules(EdgeRules.Underscores.DROP, EdgeRules.EscapedSlashes.REFUSE));
        stage.show();
        assertThat(get("/", "X_User: admin|").status()).isEqualTo(200);
        assertThat(shop.heads().getLast()).doesNotContain("X_User");
        stage.scene.rules(rules(EdgeRules.Underscores.ALLOW, EdgeRules.EscapedSlashes.REFUSE));
        stage.show();
        assertThat(get("/", "X_User: admin|").status()).isEqualTo(200);
        assertThat(shop.heads().getLast()).contains("X_User: admin");
    }

    @Test
    void holdsItsLimits() throws IOException {
        assertThat(get("/" + "a".repeat(8 * 1024), "").status()).isEqualTo(414);
        assertThat(get("/", "x: y|".repeat(100)).status()).isEqualTo(431);
        assertThat(get("/", ("x: " + "y".repeat(20_000) + "|").repeat(3) + "x: " + "y".repeat(2_000) + "|")
                        .status())
                .isEqualTo(431);
        assertThat(get("/", "x: y|".repeat(99)).status()).isEqualTo(200);
    }

    @Test
    void hasNoRuleForAQuestionWithoutAPath() throws IOException {
        Client.Answer answer =
                stage.client(port).send("OPTIONS * HTTP/1.1|Host: shop.test||").read();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.has("weft-error: route-not-found")).isTrue();
        assertThat(shop.heads()).isEmpty();
    }

    @Test
    void carriesNoTraceAndOverwritesWhatClientsSayOfThemselves() throws IOException {
        assertThat(stage.client(port)
                        .send("TRACE / HTTP/1.1|Host: shop.test||")
                        .read()
                        .status())
                .isEqualTo(405);
        assertThat(get("/", "X-Forwarded-Host: evil|X-Forwarded-Port: 1|Forwarded: for=1|X-Forwarded-Proto: https|")
                        .status())
                .isEqualTo(200);
        assertThat(shop.heads().getFirst().toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("evil")
                .doesNotContain("x-forwarded-port")
                .doesNotContain("for=1")
                .contains("x-forwarded-proto: http|");
    }

    @Test
    void leavesCallsWithinTheMeshAsTheyAre() throws IOException {
        int outbound = Ports.free();
        int inbound = Ports.free();
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, shop.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        stage.show();
        assertThat(stage.client("127.1.0.1", outbound)
                        .send("GET /a%2Fb/../c HTTP/1.1|Host: quote.default.svc.cluster.local|x_y: z||")
                        .read()
                        .status())
                .isEqualTo(200);
        assertThat(shop.heads().getFirst())
                .startsWith("GET /a%2Fb/../c HTTP/1.1|")
                .contains("x_y: z");
    }
}
