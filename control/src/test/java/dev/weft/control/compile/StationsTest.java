package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RateLimit;
import dev.weft.model.problem.Problem;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.QueryMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
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

/** What mappings, rate limits, faults and the edge's Module ask of the stations. */
class StationsTest {

    private static String mapping(String name, String spec) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: %s}
                spec:
                  hostname: "*"
                  prefix: /a/
                  service: quote
                """.formatted(name) + spec.indent(2);
    }

    private static Snapshot compiled(String spec) {
        Snapshot snapshot =
                new Given().service("quote").yaml(mapping("m", spec)).compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        return snapshot;
    }

    private static Rule rule(String spec) {
        return Given.edge(compiled(spec), "*").rules().getFirst();
    }

    @Test
    void readsEveryConditionOfAMapping() {
        Rule rule = rule("""
                case_sensitive: false
                method: "GET|HEAD"
                method_regex: true
                headers: {x-a: "1"}
                regex_headers: {x-b: "b.*", x-c: ".*"}
                query_parameters: {q: "1"}
                regex_query_parameters: {r: "[0-9]+"}
                """);
        assertThat(rule.matches()).singleElement().satisfies(match -> {
            assertThat(match.path()).isEqualTo(new PathMatch.Regex("(?i)/a/", false));
            assertThat(match.methods()).isEmpty();
            assertThat(match.headers())
                    .containsExactly(
                            new HeaderMatch.Exact("x-a", "1"),
                            new HeaderMatch.Regex("x-b", "b.*"),
                            new HeaderMatch.Present("x-c"),
                            new HeaderMatch.Regex(":method", "GET|HEAD"));
            assertThat(match.queries())
                    .containsExactly(new QueryMatch.Exact("q", "1"), new QueryMatch.Regex("r", "[0-9]+"));
        });
        assertThat(rule.filters()).containsExactly(new RouteFilter.RewriteRegex("^(?i)/a//?", "/"));
    }

    @Test
    void readsEveryWayToRewriteAndRedirect() {
        assertThat(rule("rewrite: /b/").filters()).containsExactly(new RouteFilter.RewritePrefix("/a/", "/b/"));
        assertThat(rule("regex_rewrite: {pattern: \"/a/([0-9]+)\", substitution: '/b/\\1'}")
                        .filters())
                .containsExactly(new RouteFilter.RewriteRegex("/a/([0-9]+)", "/b/\\1"));
        assertThat(rule("rewrite: \"\"\nauto_host_rewrite: true").filters())
                .containsExactly(new RouteFilter.RewriteHost("quote"));
        String redirect = "host_redirect: true\nredirect_response_code: 307\n";
        assertThat(rule(redirect + "path_redirect: /b?c=d").filters())
                .containsExactly(new RouteFilter.Redirect(307, "", "quote", "/b?c=d"));
        assertThat(rule(redirect + "prefix_redirect: /b/").filters())
                .containsExactly(
                        new RouteFilter.RewritePrefix("/a/", "/b/"), new RouteFilter.Redirect(307, "", "quote", ""));
        assertThat(rule(redirect + "regex_redirect: {pattern: \"^/a\", substitution: /b}")
                        .filters())
                .containsExactly(
                        new RouteFilter.RewriteRegex("^/a", "/b"), new RouteFilter.Redirect(307, "", "quote", ""));
    }

    @Test
    void replacesTheWholePathThatAnExpressionMatched() {
        Snapshot snapshot = new Given().service("quote").yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: Mapping
                        metadata: {name: m}
                        spec: {hostname: "*", prefix: "/v[0-9]+/.*", prefix_regex: true, rewrite: /b, service: quote}
                        """).compile();
        Rule rule = Given.edge(snapshot, "*").rules().getFirst();
        assertThat(rule.matches().getFirst().path()).isEqualTo(new PathMatch.Regex("/v[0-9]+/.*", true));
        assertThat(rule.filters()).containsExactly(new RouteFilter.RewriteRegex("^.*$", "/b"));
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rewrite: \"/a b\" | spec.rewrite: the character U+0020 cannot stand in a path",
                "rewrite: \"/a\\r\\nx: y\" | spec.rewrite: the character U+000D cannot stand in a path",
                "rewrite: /a?b | spec.rewrite: the character '?' cannot stand in a path",
                "host_rewrite: \"a b\" | spec.host_rewrite: the character U+0020 cannot stand in a host",
                "host_rewrite: a/b | spec.host_rewrite: the character '/' cannot stand in a host",
                "regex_rewrite: {pattern: \"(a\", substitution: b} | spec.regex_rewrite.pattern: not a regular expression",
                "regex_rewrite: {pattern: \"a\", substitution: '\\1'} | stands for a group that the pattern does not have",
                "regex_rewrite: {pattern: \"a\", substitution: \"b c\"} | the character U+0020 cannot stand in a path",
                "regex_headers: {x: \"(?=a)\"} | spec.regex_headers.x: not a regular expression of RE2",
                "regex_headers: {x: \"([a-z]{50}){10}\"} | spec.regex_headers.x: the expression is too large",
                "regex_query_parameters: {x: \"[\"} | spec.regex_query_parameters.x: not a regular expression",
                "method: \"(\"\\nmethod_regex: true | spec.method: not a regular expression",
                "host_redirect: true\\npath_redirect: \"/a\\nb\" | the character U+000A cannot stand in a path",
                "host_redirect: true\\npath_redirect: b | spec.path_redirect: \"b\" does not begin with a slash",
                "host_redirect: true\\npath_redirect: /a\\nprefix_redirect: /b | only one of path_redirect, prefix_redirect",
                "host_redirect: true\\nshadow: true | spec.shadow: a redirect has nothing to copy",
                "host_redirect: true\\nredirect_response_code: 304 | spec.redirect_response_code: 304 is no redirect",
                "cors: {origins: [\"*\"], credentials: true} | with the origin * every page could act as its visitor",
                "cors: {origins: [app.test]} | \"app.test\" is no origin",
                "cors: {origins: [\"https://a.test\"], headers: [\"a b\"]} | \"a b\" is no name",
                "cors: {origins: [\"https://a.test\"], max_age: soon} | \"soon\" is no number of seconds",
            })
    void refusesWhatWouldBreakAMessage(String spec, String problem) {
        String lines = spec.trim().replaceAll("\\\\n(?=[a-z_]+: )", "\n");
        Validation validation = Validation.of(
                Documents.parse("m.yaml", mapping("m", lines)).documents().getFirst());
        assertThat(validation.resource()).isEmpty();
        assertThat(validation.problems())
                .extracting(Problem::toString)
                .anySatisfy(text -> assertThat(text).contains(problem.trim()).startsWith("m.yaml:"));
    }

    @Test
    void saysWhichFieldsOfAMappingStillHaveNoEffect() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(mapping("m", "labels: {}\nkeepalive: {}\nhealth_checks: []\nerror_response_overrides: []\n"))
                .compile();
        assertThat(Given.problems(snapshot))
                .hasSize(4)
                .allSatisfy(text -> assertThat(text).contains(" has no effect: "));
    }

    @Test
    void matchesHostsByExpression() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(mapping("m", "host_regex: true").replace("\"*\"", "'api-[0-9]+[.]example[.]com'"))
                .compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        assertThat(Given.edge(snapshot, "*").rules().getFirst().matches())
                .singleElement()
                .satisfies(match -> assertThat(match.headers())
                        .containsExactly(new HeaderMatch.Regex(":authority", "api-[0-9]+[.]example[.]com")));
    }

    @Test
    void speaksTlsWhereAMappingAsksForItAndTakesGrpcAsItIs() {
        Snapshot plain = new Given()
                .yaml(mapping("m", "grpc: true\ntls: true").replace("service: quote", "service: example.com"))
                .compile();
        assertThat(Given.problems(plain)).isEmpty();
        assertThat(plain.groups().values())
                .flatExtracting(group -> group.endpoints())
                .extracting(endpoint -> endpoint.transport())
                .containsOnly(Endpoint.Transport.TLS);

        Snapshot named = new Given()
                .yaml(mapping("m", "tls: context").replace("service: quote", "service: example.com"))
                .compile();
        assertThat(Given.problems(named)).singleElement().asString().contains("TLSContexts are not known here");
    }

    @Test
    void makesAShadowACopyAndNoShare() {
        Snapshot snapshot = new Given()
                .service("quote")
                .service("next")
                .yaml(mapping("main", ""))
                .yaml(mapping("copy", "shadow: true\nweight: 20").replace("service: quote", "service: next"))
                .compile();
        Rule rule = Given.edge(snapshot, "*").rules().getFirst();
        assertThat(MeshTest.backends(rule)).containsExactly("->default/quote:80=100");
        assertThat(rule.filters())
                .contains(new RouteFilter.Mirror(dev.weft.model.traffic.ServicePort.parse("default/next:80"), 20));
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @Test
    void saysThatAShadowOfNothingServesNothing() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(mapping("copy", "shadow: true"))
                .compile();
        assertThat(Given.edge(snapshot, "*").rules()).isEmpty();
        assertThat(Given.problems(snapshot))
                .singleElement()
                .asString()
                .contains("no mapping beside it takes the requests that it would get copies of");
    }

    private static String module(String name, String config) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Module
                metadata: {name: %s}
                spec: {config: {%s}}
                """.formatted(name, config);
    }

    @Test
    void takesCorsFromTheMappingOrTheModule() {
        String cors = "cors: {origins: \"https://a.test,https://b.test\", methods: [GET], max_age: \"600\"}";
        RouteFilter.Cors expected = new RouteFilter.Cors(
                List.of("https://a.test", "https://b.test"), List.of("GET"), List.of(), List.of(), false, "600");
        assertThat(rule(cors).filters()).contains(expected);
        Snapshot byModule = new Given()
                .service("quote")
                .yaml(mapping("m", ""))
                .yaml(module("ambassador", cors))
                .compile();
        assertThat(Given.edge(byModule, "*").rules().getFirst().filters()).contains(expected);
    }

    @Test
    void takesTheEdgesRulesFromTheModuleNamedAmbassador() {
        assertThat(new Given().compile().edgeRules()).isEqualTo(EdgeRules.DEFAULT);
        Snapshot snapshot = new Given()
                .yaml(
                        module(
                                "ambassador",
                                "headers_with_underscores_action: ALLOW, merge_slashes: true,"
                                        + " path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT, max_request_headers_kb: 32"))
                .yaml(module("other", "merge_slashes: true, lua_scripts: x"))
                .compile();
        assertThat(snapshot.edgeRules())
                .isEqualTo(new EdgeRules(
                        EdgeRules.Underscores.ALLOW,
                        EdgeRules.EscapedSlashes.REDIRECT,
                        true,
                        32 * 1024,
                        EdgeRules.DEFAULT.targetBytesMax(),
                        EdgeRules.DEFAULT.fieldsMax()));
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("only the Module named ambassador has an effect"))
                .anySatisfy(text -> assertThat(text).contains("spec.config.lua_scripts has no effect: no programs run"))
                .hasSize(2);
        Snapshot lenient = new Given()
                .yaml(module("ambassador", "reject_requests_with_escaped_slashes: false"))
                .compile();
        assertThat(lenient.edgeRules().escapedSlashes()).isEqualTo(EdgeRules.EscapedSlashes.ALLOW);
    }

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
                .yaml(mapping("m", ""))
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
                .yaml(mapping("m", ""))
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
