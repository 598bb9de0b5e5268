package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that speak before their clients do, or end without a word, behind an outlet. */
class ServerFirstTest {

    private static final int CONNECTIONS = 200;
    private static final int ROUNDS = 5;

    private final Stage stage = new Stage();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void smtp(int port, DeclaredProtocol.Kind kind) {
        stage.scene
                .pod("hello", "127.1.1.1", Ports.free(), Ports.free(), 1)
                .pod("smtp", "127.1.1.2", Ports.free(), inbound, port)
                .outlet("hello", outlet, "smtp")
                .group(
                        "smtp",
                        new Endpoint(
                                "127.1.1.2", inbound, Optional.of(Scene.workload("smtp")), Endpoint.Transport.MESH))
                .speaks("smtp", kind, EndpointGroup.STREAM_IDLE);
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private Client hello() throws IOException {
        return stage.client("127.1.1.1", outlet);
    }

    private Upstream greeting() throws IOException {
        return stage.upstream((peer, _) -> {
            peer.send("220 ready|");
            assertThat(peer.closed()).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = DeclaredProtocol.Kind.class,
            names = {"OPAQUE", "DETECT"})
    void aServerThatSpeaksFirstReachesASilentClient(DeclaredProtocol.Kind kind) throws IOException {
        Upstream smtp = stage.upstream((peer, _) -> {
            peer.send("220 ready|");
            peer.send(peer.read(4));
            assertThat(peer.closed()).isTrue();
        });
        smtp(smtp.port(), kind);
        for (int i = 0; i < 3; i++) {
            Client client = hello();
            assertThat(client.read(11)).isEqualTo("220 ready\r\n");
            assertThat(client.send("EHLO").read(4)).isEqualTo("EHLO");
        }
        if (kind == DeclaredProtocol.Kind.DETECT) {
            assertThat(stage.outcomes.verdicts())
                    .containsOnly(new ProtocolVerdict(Protocol.OPAQUE, Reason.SERVER_FIRST));
        }
    }

    /** Until one is: other programs can only make it later, and each loop learns by itself. */
    private void untilOneIsHeardWithin(int millis) throws IOException {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < CONNECTIONS && best >= Duration.ofMillis(millis).toNanos(); i++) {
            best = Math.min(best, nanosToFirstWord());
        }
        assertThat(best)
                .as("the soonest, in ns")
                .isLessThan(Duration.ofMillis(millis).toNanos());
    }

    private long nanosToFirstWord() throws IOException {
        return nanosToFirstWord(outlet);
    }

    private long nanosToFirstWord(int port) throws IOException {
        long start = System.nanoTime();
        try (Client client = stage.client("127.1.1.1", port)) {
            assertThat(client.read(11)).isEqualTo("220 ready\r\n");
        }
        return System.nanoTime() - start;
    }

    /** A client of a port of which nothing is known is let speak for 50 ms first, by a timer that is never early. */
    @Test
    void aPortWhoseServerWasHeardToSpeakFirstIsNotWaitedForAgain() throws IOException {
        smtp(greeting().port(), DeclaredProtocol.Kind.DETECT);
        assertThat(nanosToFirstWord())
                .as("the first, of which nothing was learned yet, in ns")
                .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
        untilOneIsHeardWithin(50);
    }

    @Test
    void aServerThatIsDeclaredToSpeakFirstIsHeardWithin20Milliseconds() throws IOException {
        smtp(greeting().port(), DeclaredProtocol.Kind.OPAQUE);
        untilOneIsHeardWithin(20);
    }

    @Test
    @Tag("full")
    void aSilentClientOfAnUndeclaredPortHearsTheServerWithin250Milliseconds() throws IOException {
        smtp(greeting().port(), DeclaredProtocol.Kind.DETECT);
        Endpoint endpoint =
                new Endpoint("127.1.1.2", inbound, Optional.of(Scene.workload("smtp")), Endpoint.Transport.MESH);
        int[] fresh = new int[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            fresh[i] = Ports.free();
            stage.scene
                    .outlet("hello", fresh[i], "smtp-" + i)
                    .group("smtp-" + i, endpoint)
                    .speaks("smtp-" + i, DeclaredProtocol.Kind.DETECT, EndpointGroup.STREAM_IDLE);
        }
        stage.show();
        long first = Long.MAX_VALUE; // the soonest: other programs can only make it later
        long p99 = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            first = Math.min(first, nanosToFirstWord(fresh[i]));
            p99 = Math.min(p99, p99());
        }
        assertThat(Duration.ofNanos(first).toMillis())
                .as("the first, of which nothing was learned yet, in ms")
                .isLessThan(250);
        assertThat(Duration.ofNanos(p99).toMillis()).as("p99 of all in ms").isLessThan(250);
    }

    private long p99() throws IOException {
        long[] took = new long[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            took[i] = nanosToFirstWord();
        }
        Arrays.sort(took);
        return took[CONNECTIONS * 99 / 100];
    }

    @ParameterizedTest
    @EnumSource(
            value = DeclaredProtocol.Kind.class,
            names = {"OPAQUE", "DETECT"})
    void aServerThatEndsWithoutAWordEndsItsSilentClientsConnectionCleanly(DeclaredProtocol.Kind kind)
            throws IOException {
        smtp(stage.upstream((peer, _) -> peer.end()).port(), kind);
        Client client = hello();
        assertThat(client.in().read()).as("the end, and no reset").isEqualTo(-1);
        client.end();
        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.error()).isEmpty();
        assertThat(out.endedBy()).isEqualTo(EndedBy.SERVER);
        assertThat(out.established()).isTrue();
    }
}
