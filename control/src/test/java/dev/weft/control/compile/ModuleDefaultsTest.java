package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.Snapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the Module says for mappings that say nothing of it, and what a mapping's own word does to that. */
class ModuleDefaultsTest {

    private static final String MODULE = """
            apiVersion: getambassador.io/v3alpha1
            kind: Module
            metadata: {name: ambassador}
            spec:
              config:
                cluster_request_timeout_ms: 7000
                cluster_idle_timeout_ms: 9000
                retry_policy: {retry_on: 5xx, num_retries: 4, per_try_timeout: 1s}
                load_balancer: {policy: ring_hash, source_ip: true}
                circuit_breakers:
                - {max_requests: 7}
                - {priority: high, max_requests: 70}
                add_linkerd_headers: true
                defaults:
                  httpmapping:
                    add_request_headers: {x-a: {value: a, append: false}}
                    add_response_headers: {x-b: b}
                    remove_request_headers: [x-c]
                    remove_response_headers: [x-d]
            """;

    private static String mapping(String more) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: m}
                spec:
                  hostname: "*"
                  prefix: /
                  service: quote
                """ + more.indent(2);
    }

    private static Snapshot snapshot(String more) {
        return new Given().service("quote").yaml(MODULE).yaml(mapping(more)).compile();
    }

    private static Rule rule(String more) {
        return Given.edge(snapshot(more), "*").rules().getFirst();
    }

    @Test
    void holdForAMappingThatSaysNothing() {
        Rule rule = rule("");
        assertThat(rule.timeouts().request()).isEqualTo(Duration.ofSeconds(7));
        assertThat(rule.timeouts().idleConnection()).isEqualTo(Duration.ofSeconds(9));
        assertThat(rule.timeouts().perTry()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rule.retry().attemptsMax()).isEqualTo(5);
        assertThat(rule.traffic().balancing()).contains(new Balancing.RingHash(new Balancing.HashKey.SourceAddress()));
        assertThat(rule.traffic().limits().requestsMax()).isEqualTo(7);
        assertThat(rule.filters())
                .contains(
                        new RouteFilter.SetRequestHeader("l5d-dst-override", "quote:80"),
                        new RouteFilter.SetRequestHeader("x-a", "a"),
                        new RouteFilter.AddResponseHeader("x-b", "b"),
                        new RouteFilter.RemoveRequestHeader("x-c"),
                        new RouteFilter.RemoveResponseHeader("x-d"));
        assertThat(Given.problems(snapshot(""))).isEmpty();
    }

    @Test
    void giveWayToAMappingsOwn() {
        Rule rule = rule("""
                timeout_ms: 3000
                cluster_idle_timeout_ms: 1000
                retry_policy: {retry_on: gateway-error}
                load_balancer: {policy: least_request}
                circuit_breakers: []
                add_linkerd_headers: false
                add_request_headers: {}
                add_response_headers: {x-e: e}
                remove_request_headers: []
                remove_response_headers: []
                """);
        assertThat(rule.timeouts().request()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rule.timeouts().idleConnection()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rule.timeouts().perTry()).isZero();
        assertThat(rule.retry().attemptsMax()).isEqualTo(2);
        assertThat(rule.traffic().balancing()).contains(new Balancing.LeastRequest());
        assertThat(rule.traffic().limits()).isEqualTo(ConnectionLimits.NONE);
        assertThat(rule.filters())
                .containsExactly(
                        new RouteFilter.RewritePrefix("/", "/"), new RouteFilter.AddResponseHeader("x-e", "e"));
    }

    @Test
    void limitByTheMappingsPriority() {
        assertThat(rule("priority: high").traffic().limits().requestsMax()).isEqualTo(70);
    }

    @Test
    void areNotThereWithoutAModule() {
        Snapshot snapshot = new Given().service("quote").yaml(mapping("")).compile();
        Rule rule = Given.edge(snapshot, "*").rules().getFirst();
        assertThat(rule.timeouts().request()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rule.retry()).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(rule.filters()).containsExactly(new RouteFilter.RewritePrefix("/", "/"));
    }

    @Test
    void whatHasNoEffectSaysWhy() {
        List<String> problems = Given.problems(snapshot("""
                labels: {ambassador: [{group: [{remote_address: {key: remote_address}}]}]}
                health_checks: [{health_check: {http: {path: /}}}]
                keepalive: {time: 10}
                """));
        assertThat(problems)
                .hasSize(3)
                .anySatisfy(text -> assertThat(text).contains("spec.labels has no effect", "HTTPLocalRateLimitPolicy"))
                .anySatisfy(text -> assertThat(text).contains("spec.health_checks has no effect", "readinessProbe"))
                .anySatisfy(text -> assertThat(text).contains("spec.keepalive has no effect"));
    }
}
