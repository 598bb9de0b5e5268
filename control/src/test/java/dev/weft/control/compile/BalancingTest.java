package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.RouteTraffic;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BalancingTest {

    @Test
    void givesAServiceThatSaysNothingTheDefaults() {
        assertThat(policy("", "")).isEqualTo(TrafficPolicy.DEFAULT);
    }

    @Test
    void readsLinkerdsFailureAccrual() {
        assertThat(policy("balancer.linkerd.io/failure-accrual: consecutive", "")
                        .circuitBreaking())
                .isEqualTo(CircuitBreaking.CONSECUTIVE);
        CircuitBreaking unified = policy("""
                        balancer.linkerd.io/failure-accrual: unified, \
                        balancer.linkerd.io/failure-accrual-consecutive-max-failures: "3", \
                        balancer.linkerd.io/failure-accrual-consecutive-min-penalty: 2s, \
                        balancer.linkerd.io/failure-accrual-consecutive-max-penalty: 10s, \
                        balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio: "0.1", \
                        balancer.alpha.linkerd.io/failure-accrual-success-rate-threshold: "0.9", \
                        balancer.alpha.linkerd.io/failure-accrual-success-rate-window: 5s, \
                        balancer.alpha.linkerd.io/failure-accrual-success-rate-min-requests: "20", \
                        balancer.weft.dev/ejection-max-percent: "100", balancer.weft.dev/panic-percent: "0\"""", "").circuitBreaking();

        assertThat(unified)
                .isEqualTo(new CircuitBreaking(
                        3,
                        Optional.of(new CircuitBreaking.SuccessRate(0.9, Duration.ofSeconds(5), 20)),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        0.1,
                        100,
                        0));
    }

    @Test
    void readsWhatNoneOfTheOriginalsCanSay() {
        TrafficPolicy policy = policy("""
                balancer.weft.dev/policy: maglev, balancer.weft.dev/hash-key: "header:X-User", \
                balancer.weft.dev/slow-start: 30s, limit.weft.dev/connections: "10", limit.weft.dev/pending: "0", \
                limit.weft.dev/requests: "20", limit.weft.dev/retries: "1", \
                limit.weft.dev/adaptive-concurrency: "true\"""", "");

        assertThat(policy)
                .isEqualTo(new TrafficPolicy(
                        new Balancing.Maglev(new Balancing.HashKey.Header("x-user")),
                        Duration.ofSeconds(30),
                        TrafficPolicy.Zones.ANY,
                        CircuitBreaking.OFF,
                        new ConnectionLimits(10, 0, 20, 1),
                        true));
    }

    @Test
    void readsAffinityRateLimitsAndZones() {
        assertThat(policy("", ", sessionAffinity: ClientIP").balancing())
                .isEqualTo(new Balancing.Maglev(new Balancing.HashKey.SourceAddress()));
        assertThat(policy("balancer.alpha.linkerd.io/penalize-failures: \"true\"", "")
                        .balancing())
                .isEqualTo(new Balancing.PeakEwma(Duration.ofSeconds(5)));
        Snapshot snapshot = new Given()
                .yaml(service("", ", trafficDistribution: PreferClose"))
                .pod("quote", "quote-a", true)
                .compile();
        assertThat(Given.group(snapshot, "default/quote:80").policy().zones()).isEqualTo(TrafficPolicy.Zones.CLOSE);
        assertThat(Given.group(snapshot, "default/quote:80").zones()).containsExactly("");
    }

    @Test
    void tellsTheZoneOfEachEndpointByThePodsLabel() {
        Given given = new Given()
                .yaml(service("", ", trafficDistribution: PreferClose"))
                .pod("quote", "quote-a", true)
                .zone("a")
                .pod("quote", "quote-none", true)
                .pod("quote", "quote-away", false)
                .zone("c")
                .pod("other", "other", true)
                .zone("a")
                .pod("quote", "quote-b", true)
                .zone("b");
        EndpointGroup group = Given.group(given.compile(), "default/quote:80");
        assertThat(Instance.ZONE_LABEL).isEqualTo("topology.kubernetes.io/zone");
        Map<String, String> zones = new HashMap<>();
        for (int i = 0; i < group.endpoints().size(); i++) {
            zones.put(
                    group.endpoints().get(i).workload().orElseThrow().name(),
                    group.zones().get(i));
        }
        assertThat(zones).isEqualTo(Map.of("quote-a", "a", "quote-none", "", "quote-b", "b"));

        EndpointGroup any = Given.group(given.yaml(service("", "")).compile(), "default/quote:80");
        assertThat(any.zones()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "balancer.linkerd.io/failure-accrual: sometimes | Write one of consecutive, unified.",
                "balancer.weft.dev/policy: ring_hash | Did you mean ring-hash?",
                "balancer.weft.dev/policy: ring-hash | Write header:NAME, cookie:NAME or source-address.",
                "'balancer.weft.dev/policy: maglev, balancer.weft.dev/hash-key: \"cookie:a b\"' | Write header:NAME, cookie:NAME or source-address.",
                "balancer.weft.dev/slow-start: soon | Write for example 10s or 1m30s.",
                "balancer.weft.dev/slowstart: 10s | Did you mean balancer.weft.dev/slow-start?",
                "limit.weft.dev/requests: many | Write a number from 1 to 1000000.",
                "balancer.linkerd.io/anything: 10s | docs/balancing.md lists what there is.",
            })
    void saysWhatIsWrongWithAnAnnotation(String annotation, String remedy) {
        Snapshot snapshot = new Given().yaml(service(annotation, "")).compile();

        assertThat(Given.problems(snapshot)).singleElement().asString().contains(remedy);
        assertThat(Given.group(snapshot, "default/quote:80").policy()).isEqualTo(TrafficPolicy.DEFAULT);
    }

    @Test
    void readsAMappingsBalancerAndCircuitBreakers() {
        Snapshot snapshot = mapping("""
                load_balancer: {policy: ring_hash, cookie: {name: sticky, path: /, ttl: 60s}}
                  circuit_breakers:
                  - {priority: high, max_connections: 1}
                  - {max_connections: 7, max_requests: 9}
                """);

        assertThat(rule(snapshot).traffic())
                .isEqualTo(new RouteTraffic(
                        Optional.of(new Balancing.RingHash(
                                new Balancing.HashKey.Cookie("sticky", "/", Optional.of(Duration.ofMinutes(1))))),
                        new ConnectionLimits(7, 1024, 9, 3)));
        assertThat(rule(mapping("load_balancer: {policy: least_request}"))
                        .traffic()
                        .balancing())
                .contains(new Balancing.LeastRequest());
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{policy: ring_hash} | spec.load_balancer.policy: ring_hash needs to know by what it hashes.",
                "{policy: maglev, header: a, source_ip: true} | spec.load_balancer.policy: requests are hashed by one",
                "{policy: round_robin, header: a} | spec.load_balancer.policy: round_robin hashes nothing",
                "{policy: random} | \"random\" is not one of round_robin, least_request, ring_hash, maglev.",
                "{policy: maglev, cookie: {name: a b}} | spec.load_balancer.cookie.name: \"a b\" is no cookie name.",
                "{policy: maglev, cookie: {name: a, path: 'a; b'}} | \"a; b\" is no path of a cookie.",
                "{header: a} | spec.load_balancer.policy is missing.",
            })
    void refusesABalancerThatMakesNoSense(String balancer, String problem) {
        Validation validation = Validation.of(Documents.parse("mapping.yaml", mappingYaml("load_balancer: " + balancer))
                .documents()
                .getFirst());

        assertThat(validation.problems())
                .anySatisfy(found -> assertThat(found.message()).contains(problem.strip()));
        assertThat(validation.resource()).isEmpty();
    }

    private static Rule rule(Snapshot snapshot) {
        return Given.edge(snapshot, "*").rules().getFirst();
    }

    private static Snapshot mapping(String rest) {
        return new Given().service("quote").yaml(mappingYaml(rest)).yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: Host
                        metadata: {name: all}
                        spec: {hostname: "*", requestPolicy: {insecure: {action: Route}}}
                        """).compile();
    }

    private static String mappingYaml(String rest) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: quote}
                spec:
                  hostname: "*"
                  prefix: /quote/
                  service: quote
                  %s
                """.formatted(rest);
    }

    private static TrafficPolicy policy(String annotations, String spec) {
        Snapshot snapshot = new Given().yaml(service(annotations, spec)).compile();
        assertThat(Given.problems(snapshot)).isEqualTo(List.of());
        return Given.group(snapshot, "default/quote:80").policy();
    }

    private static String service(String annotations, String spec) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: quote, annotations: {%s}}
                spec: {selector: {app: quote}, ports: [{port: 80, targetPort: 8080}]%s}
                """.formatted(annotations, spec);
    }
}
