package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RateLimit;
import dev.weft.model.problem.Problem;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rate limits and faults ask of the stations. */
class LimitsAndFaultsTest {

    private static String limit(String name, String kind, String target, String spec) {
        return """
                apiVersion: policy.linkerd.io/v1alpha1
                kind: HTTPLocalRateLimitPolicy
                metadata: {name: %s}
                spec:
                  targetRef: {group: any, kind: %s, name: %s}
                """.formatted(name, kind, target) + spec.indent(2);
    }

    @Test
    void limitsPodsByServerAndService() {
        Snapshot snapshot = new Given()
                .service("quote")
                .pod("quote", "quote-1", true)
                .pod("other", "other-1", true)
                .yaml("""
                        apiVersion: policy.linkerd.io/v1beta1
                        kind: Server
                        metadata: {name: quote-http}
                        spec: {podSelector: {matchLabels: {app: quote}}, port: 8080}
                        """)
                .yaml(limit("by-server", "Server", "quote-http", """
                        total: {requestsPerSecond: 100}
                        identity: {requestsPerSecond: 20}
                        overrides:
                        - requestsPerSecond: 50
                          clientRefs: [{kind: ServiceAccount, namespace: jobs, name: batch}]
                        """))
                .yaml(limit("by-service", "Service", "quote", """
                        header: {name: X-Key, requestsPerSecond: 5, overrides: [{value: gold, requestsPerSecond: 9}]}
                        """))
                .compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        assertThat(snapshot.limits()).containsOnlyKeys("default/quote-1", "default/quote-1:8080");
        RateLimit port = snapshot.limits()
                .getOrDefault("default/quote-1:8080", List.of())
                .getFirst();
        assertThat(port.total()).isEqualTo(100);
        assertThat(port.perCaller()).isEqualTo(20);
        assertThat(port.overrides())
                .containsExactly(new RateLimit.CallerRate(
                        Set.of(new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "jobs", "batch")), 50));
        RateLimit pod =
                snapshot.limits().getOrDefault("default/quote-1", List.of()).getFirst();
        assertThat(pod.perHeader()).contains(new RateLimit.PerHeader("x-key", 5, Map.of("gold", 9)));
    }

    @Test
    void limitsThePortThatAServerNamesAndNoOther() {
        for (String port : List.of("8080", "http", "9999", "admin")) {
            Snapshot snapshot = new Given()
                    .service("quote")
                    .pod("quote", "quote-1", true)
                    .yaml("""
                            apiVersion: policy.linkerd.io/v1beta1
                            kind: Server
                            metadata: {name: quote-http}
                            spec: {podSelector: {matchLabels: {app: quote}}, port: %s}
                            """.formatted(port))
                    .yaml(limit("l", "Server", "quote-http", "total: {requestsPerSecond: 100}"))
                    .compile();
            assertThat(snapshot.limits().keySet())
                    .as(port)
                    .isEqualTo(port.equals("8080") || port.equals("http") ? Set.of("default/quote-1:8080") : Set.of());
        }
    }

    @Test
    void limitsAMappingAndLetsTheOldestPolicyHold() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(Given.mapping("m", ""))
                .yaml(limit("a", "Mapping", "m", "total: {requestsPerSecond: 10}"))
                .yaml(limit("b", "Mapping", "m", "total: {requestsPerSecond: 20}"))
                .yaml(limit("c", "Service", "nothing", "total: {requestsPerSecond: 20}"))
                .compile();
        assertThat(Given.edge(snapshot, "*").rules().getFirst().filters())
                .filteredOn(RouteFilter.LimitRate.class::isInstance)
                .singleElement()
                .satisfies(filter -> assertThat(
                                ((RouteFilter.LimitRate) filter).limit().total())
                        .isEqualTo(10));
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("limits Mapping default/m already"))
                .anySatisfy(text -> assertThat(text).contains("Service default/nothing does not exist"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "total: {requestsPerSecond: 0} | 0 is not an integer from 1",
                "identity: {} | spec.identity.requestsPerSecond is missing",
                "{} | spec.total is missing",
                "total: {requestsPerSecond: 5}\\nidentity: {requestsPerSecond: 6} | 6 is more than the total of 5",
            })
    void refusesLimitsThatLinkerdRefuses(String spec, String problem) {
        String lines = spec.trim().equals("{}") ? "" : spec.trim().replace("\\n", "\n");
        Validation validation = Validation.of(Documents.parse("l.yaml", limit("l", "Server", "s", lines))
                .documents()
                .getFirst());
        assertThat(validation.resource()).isEmpty();
        assertThat(validation.problems())
                .extracting(Problem::toString)
                .anySatisfy(text -> assertThat(text).contains(problem.trim()));
    }

    private static String fault(String spec) {
        return """
                apiVersion: weft.dev/v1alpha1
                kind: Fault
                metadata: {name: f}
                spec: {%s}
                """.formatted(spec);
    }

    @Test
    void putsAFaultOnCallsToAServiceAndOnAMapping() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(fault("service: quote, share: 2.5%, callers: [hello, jobs/batch], headers: {X-Test: 'a.*'},"
                        + " delay: 300ms, abort: 503"))
                .compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        assertThat(Given.mesh(snapshot, "default/quote:80").rules().getFirst().filters())
                .singleElement()
                .satisfies(filter -> {
                    Fault fault = ((RouteFilter.InjectFault) filter).fault();
                    assertThat(fault.share()).isEqualTo(25);
                    assertThat(fault.delay()).isEqualTo(Duration.ofMillis(300));
                    assertThat(fault.abort()).isEqualTo(503);
                    assertThat(fault.headers()).containsExactly(new HeaderMatch.Regex("x-test", "a.*"));
                    assertThat(fault.callers())
                            .extracting(WorkloadIdentity::serviceAccount)
                            .containsExactlyInAnyOrder("hello", "batch");
                });
        Snapshot direct = new Given()
                .service("quote")
                .yaml(Given.mapping("m", ""))
                .yaml(fault("mapping: m, answer: {status: 200, body: closed}"))
                .compile();
        assertThat(Given.edge(direct, "*").rules().getFirst().filters())
                .anySatisfy(filter -> assertThat(filter.toString()).contains("InjectFault", "body=closed"));
        assertThat(Given.problems(
                        new Given().yaml(fault("service: gone, abort: 500")).compile()))
                .singleElement()
                .asString()
                .contains("Service default/gone does not exist, so nothing goes wrong");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abort: 503 | exactly one of service and mapping is wanted",
                "service: a | spec.delay is missing",
                "service: a, abort: 200 | 200 is not an integer from 400 to 599",
                "service: a, delay: 10m | \"10m\" is no time up to 5m",
                "service: a, abort: 503, share: 200% | \"200%\" is not from 0.1% to 100%",
                "service: a, abort: 503, share: some | \"some\" is no share",
                "service: a, abort: 503, answer: {status: 200} | a request that is aborted has no other answer",
                "service: a, answer: {status: 204, body: x} | an answer with status 204 has none",
            })
    void refusesFaultsThatMeanNothing(String spec, String problem) {
        Validation validation = Validation.of(
                Documents.parse("f.yaml", fault(spec.trim())).documents().getFirst());
        assertThat(validation.resource()).isEmpty();
        assertThat(validation.problems())
                .extracting(Problem::toString)
                .anySatisfy(text -> assertThat(text).contains(problem.trim()));
    }
}
