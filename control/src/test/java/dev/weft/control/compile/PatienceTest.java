package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.policy.RetryPolicy.Condition;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.Snapshot;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Mappings and annotations say of timeouts and retries. */
class PatienceTest {

    @Test
    void readsEveryTimeoutOfAMapping() {
        Timeouts timeouts = mapping("""
                timeout_ms: 7000
                  connect_timeout_ms: 400
                  idle_timeout_ms: 900
                  cluster_idle_timeout_ms: 5000
                  retry_policy: {retry_on: 5xx, per_try_timeout: 0.25s}""").timeouts();

        assertThat(timeouts)
                .isEqualTo(Timeouts.ofRequest(Duration.ofSeconds(7))
                        .withConnect(Duration.ofMillis(400))
                        .withIdle(Duration.ofMillis(900))
                        .withIdleConnection(Duration.ofSeconds(5))
                        .withPerTry(Duration.ofMillis(250)));
    }

    @ParameterizedTest
    @CsvSource({
        "timeout_ms: 0, 300",
        "'timeout_ms: 0\n  idle_timeout_ms: 0', 0",
        "timeout_ms: 1000, 0",
        "precedence: 0, 0"
    })
    void endsSilentRequestsThatMayTakeForEver(String spec, int idleSeconds) {
        assertThat(mapping(spec).timeouts().idle()).isEqualTo(Duration.ofSeconds(idleSeconds));
    }

    @Test
    void hasEmissarysDefaults() {
        Rule rule = mapping("precedence: 0");

        assertThat(rule.timeouts()).isEqualTo(Timeouts.DEFAULT);
        assertThat(rule.retry()).isEqualTo(RetryPolicy.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"5xx, 500, 599", "gateway-error, 502, 504", "retriable-4xx, 409, 409"})
    void repeatsTheStatusesOfAMappingsWord(String word, int from, int to) {
        RetryPolicy retry = mapping("retry_policy: {retry_on: " + word + ", num_retries: 4}")
                .retry();

        assertThat(retry.attemptsMax()).isEqualTo(5);
        assertThat(retry.statuses())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(from, to).boxed().toList());
        assertThat(retry.conditions()).containsAll(RetryPolicy.SAFE);
        assertThat(retry.conditions().contains(Condition.TIMEOUT)).isEqualTo(!word.equals("retriable-4xx"));
    }

    @Test
    void readsLinkerdsAnnotationsOfAService() {
        Rule rule = service("""
                retry.linkerd.io/http: "5xx,429, 408-409"
                    retry.linkerd.io/grpc: unavailable,internal
                    retry.linkerd.io/limit: "2"
                    retry.linkerd.io/timeout: 300ms
                    retry.weft.dev/budget: 50% + 5/s
                    timeout.linkerd.io/request: 9s
                    timeout.linkerd.io/response: 8s
                    timeout.linkerd.io/idle: 7s
                    timeout.weft.dev/header: 6s
                    timeout.weft.dev/connect: 1s
                    timeout.weft.dev/idle-connection: 5s""");

        assertThat(rule.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(5)));
        assertThat(rule.retry().attemptsMax()).isEqualTo(3);
        assertThat(rule.retry().statuses()).contains(408, 409, 429, 500, 599).doesNotContain(404);
        assertThat(rule.retry().grpcCodes()).containsExactlyInAnyOrder(13, 14);
        assertThat(rule.retry().conditions()).containsExactlyInAnyOrder(Condition.values());
        assertThat(rule.retry().budget()).isEqualTo(new Budget(50, 5));
    }

    @Test
    void saysWhatItCouldNotReadAndWhatToDo() {
        Snapshot snapshot = declared("""
                retry.linkerd.io/http: "5xx,6xx,504-502"
                    retry.linkerd.io/grpc: unavailable,aborted
                    retry.linkerd.io/limit: many
                    retry.weft.dev/budget: lots
                    timeout.linkerd.io/idle: soon
                    timeout.weft.dev/connect: "0"
                """);

        RetryPolicy retry =
                Given.mesh(snapshot, "default/quote:80").rules().getFirst().retry();
        assertThat(retry.statuses()).hasSize(100);
        assertThat(retry.grpcCodes()).isEqualTo(Set.of(14));
        assertThat(retry.attemptsMax()).isEqualTo(2);
        assertThat(Given.problems(snapshot)).containsExactlyInAnyOrder("""
                Service default/quote: "6xx" is no status to repeat, so it is left out.
                  Write 5xx, gateway-error, a status such as 503, or a range such as 500-504, with commas between.""", """
                Service default/quote: "504-502" is no status to repeat, so it is left out.
                  Write 5xx, gateway-error, a status such as 503, or a range such as 500-504, with commas between.""", """
                Service default/quote: "aborted" is no gRPC status to repeat, so it is left out.
                  Write cancelled, deadline-exceeded, internal, resource-exhausted or unavailable.""", """
                Service default/quote: "many" is no number of retries, so it stays 1.
                  Write a number from 0 to 100.""", """
                Service default/quote: "lots" is no retry budget, so it stays 20% + 10/s.
                  Write for example 20% + 10/s, at most 1000%.""", """
                Service default/quote: "soon" is no duration, so the timeout stays as it was.
                  Write for example 10s or 1m30s.""", """
                Service default/quote: 0 is not possible here, so the default stays.
                  Write for example 3s.""");
    }

    private static Rule mapping(String fields) {
        Snapshot snapshot = new Given()
                .service("quote")
                .pod("quote", "quote-a", true)
                .yaml("""
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: quote}
                spec:
                  hostname: "quote.test"
                  prefix: /
                  service: quote
                  %s
                """.formatted(fields))
                .compile();
        return snapshot.edgeFrontends().stream()
                .flatMap(frontend -> frontend.rules().stream())
                .filter(rule -> rule.name().equals("Mapping default/quote"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(snapshot.edgeFrontends() + " " + Given.problems(snapshot)));
    }

    private static Rule service(String annotations) {
        Snapshot snapshot = declared(annotations);
        assertThat(Given.problems(snapshot)).isEmpty();
        return Given.mesh(snapshot, "default/quote:80").rules().getFirst();
    }

    private static Snapshot declared(String annotations) {
        return new Given()
                .yaml("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: quote
                  annotations:
                    %s
                spec: {selector: {app: quote}, ports: [{port: 80, targetPort: 8080}]}
                """.formatted(annotations))
                .pod("quote", "quote-a", true)
                .compile();
    }
}
