package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.StrictTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the edge says in all its answers: who it is, and that a host is to be asked by TLS alone (RFC 6797). */
class SignatureTest {

    private static final String TWO_YEARS = "max-age=63072000; includeSubDomains";

    private final Stage stage = new Stage();
    private final int http = Ports.free();
    private final int https = Ports.free();

    @BeforeEach
    void open() throws IOException {
        Upstream shop = stage.answering(
                "HTTP/1.1 200 OK|Server: shop|Strict-Transport-Security: max-age=1|Content-Length: 5||hello");
        RouteFilter cors =
                new RouteFilter.Cors(List.of("https://page.test"), List.of("GET"), List.of(), List.of(), false, "");
        stage.scene
                .edge(http)
                .edge(https, stage.authority.forHost("*"))
                .host("shop.test", "shop", Duration.ofSeconds(5), RetryPolicy.NONE, cors)
                .host("plain.shop.test", "shop")
                .host("other.test", "shop")
                .group("shop", Scene.plain(shop.port()));
        says(
                "weft",
                new StrictTransport("shop.test", TWO_YEARS),
                new StrictTransport("plain.shop.test", ""),
                new StrictTransport("*.shop.test", "max-age=60"));
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void says(String server, StrictTransport... hosts) {
        stage.scene.rules(EdgeRules.DEFAULT.with(server, List.of(hosts)));
        stage.show();
    }

    private Client.Answer askByTls(String head) throws IOException {
        SSLSocket socket = stage.closing(Tls.connect(Tls.context(Optional.empty()), "127.0.0.1", https, ""));
        return new Client(socket).send(head).read();
    }

    private static String get(String host) {
        return "GET / HTTP/1.1|Host: " + host + "||";
    }

    private static void expect(Client.Answer answer, int status, String transport) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.has("server: weft")).as(answer.head()).isTrue();
        assertThat(answer.head()).doesNotContain("Server: shop").doesNotContain("max-age=1|");
        assertThat(answer.has("strict-transport-security: " + transport))
                .as(answer.head())
                .isTrue();
    }

    @Test
    void anAnswerSaysItOnceInPlaceOfTheServices() throws IOException {
        expect(askByTls(get("shop.test")), 200, TWO_YEARS);
        expect(askByTls(get("SHOP.test:" + https)), 200, TWO_YEARS);
    }

    @Test
    void answersOfTheEdgesOwnSayItToo() throws IOException {
        expect(askByTls("GET /%2F HTTP/1.1|Host: shop.test||"), 400, TWO_YEARS);
        expect(askByTls("TRACE / HTTP/1.1|Host: shop.test||"), 405, TWO_YEARS);
        expect(askByTls(get("no.such.shop.test")), 404, "max-age=60");
        expect(
                askByTls("OPTIONS / HTTP/1.1|Host: shop.test|Origin: https://page.test"
                        + "|Access-Control-Request-Method: GET||"),
                200,
                TWO_YEARS);
    }

    @Test
    void whatScriptsMayReadIsSaidBeside() throws IOException {
        Client.Answer answer = askByTls("GET / HTTP/1.1|Host: shop.test|Origin: https://page.test||");
        expect(answer, 200, TWO_YEARS);
        assertThat(answer.has("access-control-allow-origin: https://page.test")).isTrue();
    }

    @Test
    void aHostOfItsOwnThatSaysNothingIsNotSpokenFor() throws IOException {
        for (String host : List.of("plain.shop.test", "other.test")) {
            Client.Answer answer = askByTls(get(host));
            assertThat(answer.has("server: weft")).isTrue();
            assertThat(answer.has("strict-transport-security: max-age=1"))
                    .as(host)
                    .isTrue(); // the service's own
        }
    }

    @Test
    void aHostForAllDoesNotSpeakForThisMachine() throws IOException {
        says("weft", new StrictTransport("*", "max-age=60"));
        expect(askByTls(get("any.test")), 404, "max-age=60");
        for (String host : List.of("localhost", "shop.localhost", "printer.local", "127.0.0.1", "[::1]:8443")) {
            assertThat(askByTls(get(host)).head()).as(host).doesNotContainIgnoringCase("strict-transport");
        }
    }

    @Test
    void clearTextIsNotToldOfTransport() throws IOException {
        Client.Answer answer =
                stage.client(http).send("TRACE / HTTP/1.1|Host: shop.test||").read();
        assertThat(answer.has("server: weft")).isTrue();
        assertThat(answer.head()).doesNotContainIgnoringCase("strict-transport");
    }

    @Test
    void behindABelievedProxyItsWordOnTheSchemeCounts() throws IOException {
        stage.scene.edge(
                new EdgeListener("front", Scene.SOURCE, "127.0.0.1", http, false, List.of(), List.of(), true, 1));
        stage.show();
        Client.Answer answer = stage.client(http)
                .send("GET / HTTP/1.1|Host: shop.test|X-Forwarded-Proto: https||")
                .read();
        expect(answer, 200, TWO_YEARS);
    }

    @Test
    void saidNothingNothingChanges() throws IOException {
        says("");
        Client.Answer answer = askByTls(get("shop.test"));
        assertThat(answer.has("server: shop")).isTrue();
        assertThat(answer.has("strict-transport-security: max-age=1")).isTrue();
    }
}
