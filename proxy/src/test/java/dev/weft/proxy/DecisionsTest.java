package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import java.io.IOException;
import java.util.List;
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
