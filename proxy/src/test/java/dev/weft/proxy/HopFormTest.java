package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a message in HTTP/1.1 is the same behind a hop between proxies in HTTP/2, and what is not (decision 27): all of it. */
class HopFormTest {

    /** What proxies say beside what the client said. */
    private static final Set<String> ADDED =
            Set.of("l5d-client-id", "x-request-id", "traceparent", "weft-deadline-ms", "x-forwarded-for");

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private volatile String answer = "HTTP/1.1 200 OK|Content-Length: 0||";

    @BeforeEach
    void pods() throws IOException {
        int inbound = Ports.free();
        Upstream program = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                heads.add(head);
                if (head.contains("ontent-length: 3")) {
                    peer.read(3);
                }
                peer.send(answer);
            }
        });
        Endpoint quote =
                new Endpoint("127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH);
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .group("quote", quote);
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client hello() throws IOException {
        return stage.client("127.1.0.1", outbound);
    }

    /** The lines of the head that came, without what was added on the way. */
    private List<String> sent(String request) throws IOException {
        assertThat(hello().send(request).read().status()).isEqualTo(200);
        return own(heads.getLast());
    }

    private static List<String> own(String head) {
        List<String> lines = new ArrayList<>(List.of(head.split("\\|")));
        lines.removeIf(line -> line.indexOf(':') > 0 && ADDED.contains(line.substring(0, line.indexOf(':'))));
        return lines;
    }

    @Test
    void aRequestArrivesWithSmallNamesItsHostFirstAndItsCookiesInOne() throws IOException {
        assertThat(sent("PURGE /a%2fB?c=%41 HTTP/1.1|B: 1|Cookie: a=1|A: x , \ty|Cookie: b=\"2\"|TE: trailers|"
                        + "Connection: TE|Empty:|b: 2|Host: quote:80|Cookie: c|Z: last||"))
                .containsExactly(
                        "PURGE /a%2fB?c=%41 HTTP/1.1",
                        "host: quote:80",
                        "b: 1",
                        "cookie: a=1; b=\"2\"; c",
                        "a: x , \ty",
                        "empty: ",
                        "b: 2",
                        "z: last"); // TE is the connection's own business, with either hop
    }

    @Test
    void aTargetThatNamesItsHostArrivesAsAPath() throws IOException {
        assertThat(sent("GET http://quote/a?b HTTP/1.1|Host: quote||"))
                .containsExactly("GET /a?b HTTP/1.1", "host: quote");
    }

    @Test
    void anAnswerArrivesWithSmallNamesAndWithoutAPhraseOfItsOwn() throws IOException {
        answer = "HTTP/1.1 299 My Words|X-B: 1|Set-Cookie: a|X-A: 2|Set-Cookie: b|X-B: 3|Content-Length: 3||abc";
        Client client = hello().send("GET / HTTP/1.1|Host: quote||");
        String head = client.readHead();
        assertThat(own(head))
                .containsExactly(
                        "HTTP/1.1 299 ",
                        "x-b: 1",
                        "set-cookie: a",
                        "x-a: 2",
                        "set-cookie: b",
                        "x-b: 3",
                        "content-length: 3");
        assertThat(client.read(3)).isEqualTo("abc");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,",
        "DELETE,",
        "POST,",
        "OPTIONS,",
        "GET, content-length: 0",
        "POST, content-length: 0",
        "DELETE, content-length: 0"
    })
    void aRequestWithoutABodySaysOfItWhatItSaid(String method, String length) throws IOException {
        String line = length == null ? "" : length + "|";
        List<String> expected = Stream.of(method + " / HTTP/1.1", "host: quote", length == null ? "" : length)
                .filter(each -> !each.isEmpty())
                .toList();
        assertThat(sent(method + " / HTTP/1.1|Host: quote|" + line + "|")).isEqualTo(expected);
    }

    @Test
    void aBodyOfKnownLengthKeepsIt() throws IOException {
        assertThat(sent("PUT / HTTP/1.1|Host: quote|Content-Length: 3||abc"))
                .containsExactly("PUT / HTTP/1.1", "host: quote", "content-length: 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK|Content-Length: 0",
                "204 No Content",
                "304 Not Modified",
                "304 Not Modified|Content-Length: 7"
            })
    void anAnswerWithoutABodySaysOfItWhatItSaid(String said) throws IOException {
        answer = "HTTP/1.1 " + said + "||";
        Client client = hello();
        for (int i = 0; i < 2; i++) { // the connection goes on: nothing was taken for a body
            client.send("GET / HTTP/1.1|Host: quote||");
            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 " + said.substring(0, 3) + " ");
            assertThat(head.toLowerCase(java.util.Locale.ROOT).contains("content-length:"))
                    .isEqualTo(said.contains("Content-Length"));
            assertThat(head.toLowerCase(java.util.Locale.ROOT)).doesNotContain("transfer-encoding");
        }
    }

    @Test
    void anAnswerToHeadKeepsTheLengthOfWhatDoesNotCome() throws IOException {
        answer = "HTTP/1.1 200 OK|Content-Length: 7||";
        Client client = hello();
        for (int i = 0; i < 2; i++) {
            client.send("HEAD / HTTP/1.1|Host: quote||");
            assertThat(client.readHead()).contains("|content-length: 7|");
        }
    }
}
