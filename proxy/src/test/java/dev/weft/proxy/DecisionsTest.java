package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.DeclaredProtocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an outcome tells of the way that a request took: all of it when it failed, or while somebody watches. */
class DecisionsTest {

    private final Stage stage = new Stage();
    private final int edge = Ports.free();

    @BeforeEach
    void services() throws IOException {
        stage.scene
                .edge(edge)
                .host("fails.test", "fails")
                .host("works.test", "works")
                .group("fails", Scene.plain(Ports.free()), Scene.plain(Ports.free()))
                .group(
                        "works",
                        Scene.plain(stage.answering("HTTP/1.1 200 OK|Content-Length: 2||ok")
                                .port()));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @Test
    void aFailureTellsRuleEndpointsComparedTriesAndWhatEndedIt() throws IOException {
        Outcome failed = ask("fails.test");

        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.attempts()).hasSizeGreaterThan(1);
        assertThat(texts(failed, "route")).singleElement().asString().contains("frontend fails.test, rule all");
        assertThat(texts(failed, "backend")).containsExactly("service default/fails:80");
        assertThat(texts(failed, "balance"))
                .isNotEmpty()
                .first()
                .asString()
                .matches("@127.0.0.1:\\d+ \\(.*, \\d+ under way\\) rather than @127.0.0.1:\\d+ \\(.*under way\\)");
        assertThat(texts(failed, "try")).hasSameSizeAs(failed.attempts());
        assertThat(texts(failed, "answer")).singleElement().asString().startsWith("connect-failed: ");
    }

    @Test
    void aSuccessTellsNothingUntilSomebodyWatches() throws IOException {
        assertThat(ask("works.test").decisions()).isEmpty();

        stage.proxy.tapping(true);
        Outcome watched = ask("works.test");
        assertThat(texts(watched, "route")).hasSize(1);
        assertThat(texts(watched, "near miss")).isEmpty();

        stage.proxy.tapping(false);
        assertThat(ask("works.test").decisions()).isEmpty();
    }

    @Test
    void howItWasKnownWhatAClientSpeaksIsToldAsItWas() throws IOException {
        stage.proxy.tapping(true);
        assertThat(texts(ask("works.test"), "protocol")).containsExactly("by its request line");

        StreamClient framed = stage.closing(new StreamClient(edge));
        framed.read(framed.get("works.test", "/"));
        assertThat(texts(stage.outcomes.next(Hop.EDGE), "protocol")).containsExactly("by its preface");

        int secured = Ports.free();
        stage.scene.edge(secured, stage.authority.forHost("*"));
        stage.show();
        SSLSocket socket = stage.closing(Tls.connect(Tls.context(Optional.empty()), "127.0.0.1", secured, "http/1.1"));
        new Client(socket).send("GET / HTTP/1.1|Host: works.test||").read();
        assertThat(texts(stage.outcomes.next(Hop.EDGE), "protocol"))
                .containsExactly("as both sides agreed in their handshake");
    }

    @Test
    void aPortThatIsDeclaredIsNotSaidToHaveBeenRead() throws IOException {
        stage.proxy.tapping(true);
        int outlet = Ports.free();
        stage.scene
                .pod("hello", "127.0.0.1", Ports.free(), Ports.free(), Ports.free())
                .outlet("hello", outlet, "works")
                .speaks("works", DeclaredProtocol.Kind.HTTP1, Duration.ofMinutes(1));
        stage.show();
        stage.client(outlet).send("GET / HTTP/1.1|Host: any||").read();
        assertThat(texts(stage.outcomes.next(Hop.OUTBOUND), "protocol")).containsExactly("as it is declared");

        stage.scene.speaks("works", DeclaredProtocol.Kind.DETECT, Duration.ofMinutes(1));
        stage.show();
        stage.client(outlet).send("GET / HTTP/1.1|Host: any||").read();
        assertThat(texts(stage.outcomes.next(Hop.OUTBOUND), "protocol")).containsExactly("by its request line");
    }

    private Outcome ask(String host) throws IOException {
        try (Client client = stage.client(edge)) {
            client.send("GET / HTTP/1.1|Host: " + host + "||").read();
        }
        return stage.outcomes.next(Hop.EDGE);
    }

    private static List<String> texts(Outcome outcome, String station) {
        return outcome.decisions().stream()
                .filter(decision -> decision.station().equals(station))
                .map(Decision::text)
                .toList();
    }
}
