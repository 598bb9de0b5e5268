package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.QueryMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.Snapshot;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mappings and the edge's Module ask of the stations. */
class StationsTest {

    private static Snapshot compiled(String spec) {
        Snapshot snapshot =
                new Given().service("quote").yaml(Given.mapping("m", spec)).compile();
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
                Documents.parse("m.yaml", Given.mapping("m", lines)).documents().getFirst());
        assertThat(validation.resource()).isEmpty();
        assertThat(validation.problems())
                .extracting(Problem::toString)
                .anySatisfy(text -> assertThat(text).contains(problem.trim()).startsWith("m.yaml:"));
    }

    @Test
    void saysWhichFieldsOfAMappingStillHaveNoEffect() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(Given.mapping(
                        "m", "labels: {}\nkeepalive: {}\nhealth_checks: []\nerror_response_overrides: []\n"))
                .compile();
        assertThat(Given.problems(snapshot))
                .hasSize(4)
                .allSatisfy(text -> assertThat(text).contains(" has no effect: "));
    }

    @Test
    void matchesHostsByExpression() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(Given.mapping("m", "host_regex: true").replace("\"*\"", "'api-[0-9]+[.]example[.]com'"))
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
                .yaml(Given.mapping("m", "grpc: true\ntls: true").replace("service: quote", "service: example.com"))
                .compile();
        assertThat(Given.problems(plain)).isEmpty();
        assertThat(plain.groups().values())
                .flatExtracting(group -> group.endpoints())
                .extracting(endpoint -> endpoint.transport())
                .containsOnly(Endpoint.Transport.TLS);

        Snapshot named = new Given()
                .yaml(Given.mapping("m", "tls: context").replace("service: quote", "service: example.com"))
                .compile();
        assertThat(Given.problems(named)).singleElement().asString().contains("TLSContexts are not known here");
    }

    @Test
    void makesAShadowACopyAndNoShare() {
        Snapshot snapshot = new Given()
                .service("quote")
                .service("next")
                .yaml(Given.mapping("main", ""))
                .yaml(Given.mapping("copy", "shadow: true\nweight: 20").replace("service: quote", "service: next"))
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
                .yaml(Given.mapping("copy", "shadow: true"))
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
                .yaml(Given.mapping("m", ""))
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
                .isEqualTo(EdgeRules.DEFAULT.with(new EdgeRules.Heads(
                        EdgeRules.Underscores.ALLOW,
                        EdgeRules.EscapedSlashes.REDIRECT,
                        true,
                        32 * 1024,
                        EdgeRules.Heads.DEFAULT.targetBytesMax(),
                        EdgeRules.Heads.DEFAULT.fieldsMax())));
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("only the Module named ambassador has an effect"))
                .anySatisfy(text -> assertThat(text).contains("spec.config.lua_scripts has no effect: no programs run"))
                .hasSize(2);
        Snapshot lenient = new Given()
                .yaml(module("ambassador", "reject_requests_with_escaped_slashes: false"))
                .compile();
        assertThat(lenient.edgeRules().heads().escapedSlashes()).isEqualTo(EdgeRules.EscapedSlashes.ALLOW);
    }
}
