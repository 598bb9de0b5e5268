package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call of gRPC is answered with 200 whatever becomes of it: what its own status, in head or trailers, brings about. */
class GrpcStatusTest {

    private static final String CALL =
            "POST /pkg.Service/Method HTTP/1.1|host: shop.test|content-type: application/grpc||";
    private static final String HEAD = "HTTP/1.1 200 OK|content-type: application/grpc|";
    private static final int UNAVAILABLE = 14;

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @BeforeEach
    void open() {
        stage.scene.edge(port);
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private StreamUpstream upstream(StreamUpstream.Script script) throws IOException {
        return stage.closing(new StreamUpstream(script));
    }

    private StreamClient client() throws IOException {
        return stage.closing(new StreamClient(port));
    }

    /** How an answer tells its status. */
    enum Form {
        TRAILERS_ONLY,
        TRAILERS,
        AFTER_DATA;

        void send(StreamUpstream.Peer peer, int stream, int status) {
            String line = "grpc-status: " + status + "|";
            if (this == TRAILERS_ONLY) {
                peer.answer(stream, HEAD + line + "|", "");
                return;
            }
            peer.head(stream, HEAD + "|");
            if (this == AFTER_DATA) {
                peer.data(stream, "some", false);
            }
            peer.trailers(stream, line);
        }
    }

    private static String status(StreamClient.Answer answer) {
        String lines = answer.trailers.isEmpty() ? answer.head : answer.trailers;
        int at = lines.indexOf("grpc-status: ") + "grpc-status: ".length();
        return lines.substring(at, lines.indexOf('|', at));
    }

    @ParameterizedTest
    @CsvSource({
        "TRAILERS_ONLY, 14, true", "TRAILERS, 13, true", "AFTER_DATA, 15, true", "TRAILERS, 2, true",
                "TRAILERS, 4, true",
        "TRAILERS, 7, true", "AFTER_DATA, 0, false", "TRAILERS, 5, false", "TRAILERS_ONLY, 3, false",
                "TRAILERS, 8, false"
    })
    void takesAnEndpointOutWhoseCallsFailThroughItsFault(Form form, int status, boolean out) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        StreamUpstream bad = upstream((peer, stream, _, _) -> {
            asked.incrementAndGet();
            form.send(peer, stream, status);
        });
        StreamUpstream good = upstream((peer, stream, _, _) -> Form.TRAILERS.send(peer, stream, 0));
        breaking(bad, good);
        StreamClient client = client();
        for (int i = 0; i < 40; i++) {
            client.read(client.open(CALL, true));
        }
        if (out) {
            assertThat(asked.get()).isEqualTo(7);
        } else {
            assertThat(asked.get()).isEqualTo(20);
        }
        assertThat(stage.outcomes.all())
                .hasSize(40)
                .allSatisfy(each -> assertThat(each.status()).isEqualTo(200));
        boolean failure = out && status != 0;
        assertThat(stage.outcomes.all().stream().filter(each -> !each.success()).count())
                .isEqualTo(failure ? 7 : 0);
    }

    @Test
    void takesAnEndpointOutThatBreaksItsAnswersOff() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        StreamUpstream bad = upstream((peer, stream, _, _) -> {
            asked.incrementAndGet();
            peer.head(stream, HEAD + "|");
            peer.close();
        });
        StreamUpstream good = upstream((peer, stream, _, _) -> Form.TRAILERS.send(peer, stream, 0));
        breaking(bad, good);
        StreamClient client = client();
        for (int i = 0; i < 40; i++) {
            StreamClient.Answer answer = client.read(client.open(CALL, true));
            assertThat(status(answer)).isIn("0", "14");
        }
        assertThat(asked.get()).isEqualTo(7);
    }

    private void breaking(StreamUpstream... upstreams) {
        CircuitBreaking breaking =
                new CircuitBreaking(7, Optional.empty(), Duration.ofMinutes(1), Duration.ofMinutes(1), 0, 50, 50);
        TrafficPolicy policy = new TrafficPolicy(
                new Balancing.RoundRobin(),
                Duration.ZERO,
                TrafficPolicy.Zones.ANY,
                breaking,
                ConnectionLimits.NONE,
                false);
        List<Endpoint> endpoints =
                Arrays.stream(upstreams).map(each -> Scene.plain(each.port())).toList();
        stage.scene.host("shop.test", "shop", Timeouts.DEFAULT, RetryPolicy.NONE);
        stage.scene.group(new EndpointGroup(Scene.service("shop"), endpoints, false, 0).with(policy));
        stage.show();
    }

    @Test
    void saysInTrailersWhyAnAnswerEndsEarly() throws IOException {
        StreamUpstream shop = upstream((peer, stream, _, _) -> {
            peer.head(stream, HEAD + "|");
            peer.data(stream, "half", false);
            peer.close();
        });
        retrying(RetryPolicy.NONE, shop);
        StreamClient client = client();
        StreamClient.Answer answer = client.read(client.open(CALL, true));
        assertThat(answer.body).isEqualTo("half");
        assertThat(answer.trailers).contains("grpc-status: 14|", "weft-error: upstream-closed|");
        Outcome outcome = stage.outcomes.all().getFirst();
        assertThat(outcome.error()).contains(ErrorCode.UPSTREAM_CLOSED);
        assertThat(outcome.details().grpcStatus()).isEqualTo(UNAVAILABLE);
    }

    private void retrying(RetryPolicy policy, StreamUpstream... upstreams) {
        stage.scene.host("shop.test", "shop", Timeouts.ofRequest(Duration.ofSeconds(30)), policy);
        stage.scene.group(
                "shop",
                Arrays.stream(upstreams).map(each -> Scene.plain(each.port())).toArray(Endpoint[]::new));
        stage.show();
    }

    private static RetryPolicy onUnavailable(int attempts, Budget budget) {
        return new RetryPolicy(attempts, RetryPolicy.SAFE, Set.of(), Set.of(UNAVAILABLE), budget);
    }

    @ParameterizedTest
    @CsvSource({
        "TRAILERS_ONLY, 14, 2",
        "TRAILERS, 14, 2",
        "AFTER_DATA, 14, 1",
        "TRAILERS_ONLY, 13, 1",
        "TRAILERS, 13, 1",
        "TRAILERS, 0, 1",
        "AFTER_DATA, 0, 1"
    })
    void triesACallAgainWhoseStatusTheRuleNames(Form form, int status, int tries) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        StreamUpstream shop = upstream(new StreamUpstream.Script() {
            @Override
            public void head(StreamUpstream.Peer peer, int stream, String head, boolean end) {}

            @Override
            public void data(StreamUpstream.Peer peer, int stream, String data, boolean end) {
                assertThat(data).isEqualTo("ask");
                form.send(peer, stream, asked.incrementAndGet() == 1 ? status : 0);
            }
        });
        retrying(onUnavailable(3, Budget.DEFAULT), shop);
        StreamClient client = client();
        int stream = client.open(CALL, false);
        StreamClient.Answer answer = client.data(stream, "ask", true).read(stream);
        assertThat(status(answer)).isEqualTo(tries == 2 ? "0" : "" + status);
        assertThat(answer.body).isEqualTo(form == Form.AFTER_DATA ? "some" : "");
        assertThat(asked.get()).isEqualTo(tries);
    }

    /** A client that streams may wait for the head before it says anything. */
    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void withholdsNoHeadFromAClientThatWaitsForIt(String message) throws IOException {
        StreamUpstream shop = upstream(new StreamUpstream.Script() {
            @Override
            public void head(StreamUpstream.Peer peer, int stream, String head, boolean end) {
                peer.head(stream, HEAD + "|");
            }

            @Override
            public void data(StreamUpstream.Peer peer, int stream, String data, boolean end) {
                peer.data(stream, data, false);
                peer.trailers(stream, "grpc-status: 0|");
            }
        });
        retrying(onUnavailable(3, Budget.DEFAULT), shop);
        StreamClient client = client();
        int stream = client.open(CALL, false);
        client.readHead(stream);
        assertThat(client.data(stream, message, true).read(stream).body).isEqualTo(message);
    }

    @Test
    void stopsTryingAtTheCallersDeadlineAndTellsEachTryWhatIsLeft() throws IOException {
        List<Long> left = new CopyOnWriteArrayList<>();
        StreamUpstream shop = upstream((peer, stream, head, _) -> {
            int at = head.indexOf("grpc-timeout: ") + "grpc-timeout: ".length();
            left.add(Long.parseLong(head.substring(at, head.indexOf("u|", at))));
            Form.TRAILERS_ONLY.send(peer, stream, UNAVAILABLE);
        });
        retrying(onUnavailable(1_000_000, new Budget(0, 1_000)), shop);
        StreamClient client = client();
        int stream = client.open(CALL.replace("||", "|grpc-timeout: 1S||"), true);
        assertThat(client.readReset(stream).reset).isEqualTo("CANCEL");
        assertThat(left).hasSizeGreaterThan(1).isSortedAccordingTo((one, other) -> Long.compare(other, one));
        assertThat(left.getFirst()).isLessThanOrEqualTo(1_000_000L);
        assertThat(stage.outcomes.all().getFirst().error()).contains(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void spendsNoMoreThanTheBudgetOnCallsThatAlwaysFail() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        StreamUpstream shop = upstream((peer, stream, _, _) -> {
            asked.incrementAndGet();
            Form.TRAILERS.send(peer, stream, UNAVAILABLE);
        });
        retrying(onUnavailable(3, new Budget(20, 0)), shop);
        StreamClient client = client();
        List<Integer> streams = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            streams.add(client.open(CALL, true));
        }
        for (int stream : streams) {
            assertThat(status(client.read(stream))).isEqualTo("14");
        }
        assertThat(asked.get()).isBetween(101, 120);
        assertThat(stage.outcomes.all().stream()
                        .map(Outcome::attempts)
                        .mapToInt(List<Attempt>::size)
                        .sum())
                .isEqualTo(asked.get());
    }
}
