package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.identity.CertificateAuthority;
import dev.weft.control.identity.Keys;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.Snapshot;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class EdgeTest {

    @Test
    void routesAMappingToItsServiceThroughTheMesh() {
        Snapshot snapshot =
                new Given().service("quote").yaml(mapping("quote", """
                        hostname: "*"
                        prefix: /backend/
                        service: quote
                        timeout_ms: 500
                        method: get
                        headers: {X-Test: "yes"}
                        host_rewrite: inner
                        add_request_headers: {x-one: {value: a, append: false}, x-two: b}
                        remove_response_headers: [server]
                        """)).compile();

        Rule rule = Given.edge(snapshot, "*").rules().getFirst();
        assertThat(rule.name()).isEqualTo("Mapping default/quote");
        assertThat(MeshTest.backends(rule)).containsExactly("->default/quote:80=100");
        assertThat(rule.timeouts().request()).isEqualTo(Duration.ofMillis(500));
        assertThat(rule.matches()).singleElement().asString().contains("/backend/", "GET", "x-test", "yes");
        assertThat(rule.filters())
                .containsExactly(
                        new RouteFilter.RewritePrefix("/backend/", "/"),
                        new RouteFilter.RewriteHost("inner"),
                        new RouteFilter.SetRequestHeader("x-one", "a"),
                        new RouteFilter.AddRequestHeader("x-two", "b"),
                        new RouteFilter.RemoveResponseHeader("server"));
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @Test
    void leavesOutEditsThatWouldBreakTheMessage() {
        Snapshot snapshot =
                new Given().service("quote").yaml(mapping("quote", """
                        hostname: "*"
                        prefix: /
                        service: quote
                        rewrite: ""
                        add_request_headers: {"x: y": a, x-line: "a\\r\\nx-more: b", Content-Length: "0", x-good: c}
                        remove_response_headers: [transfer-encoding, server]
                        """)).compile();

        assertThat(Given.edge(snapshot, "*").rules().getFirst().filters())
                .containsExactly(
                        new RouteFilter.AddRequestHeader("x-good", "c"),
                        new RouteFilter.RemoveResponseHeader("server"));
        assertThat(Given.problems(snapshot))
                .hasSize(4)
                .allSatisfy(problem -> assertThat(problem).contains("so this edit is left out."));
    }

    @Test
    void ordersRulesAsEmissaryDoes() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(mapping("short", "hostname: \"*\"\nprefix: /a\nservice: quote\n"))
                .yaml(mapping("header", "hostname: \"*\"\nprefix: /a\nservice: quote\nheaders: {x: y}\n"))
                .yaml(mapping("long", "hostname: \"*\"\nprefix: /abc\nservice: quote\n"))
                .yaml(mapping("first", "hostname: \"*\"\nprefix: /\nservice: quote\nprecedence: 1\n"))
                .compile();

        assertThat(Given.edge(snapshot, "*").rules())
                .extracting(Rule::name)
                .containsExactly(
                        "Mapping default/first",
                        "Mapping default/long",
                        "Mapping default/header",
                        "Mapping default/short");
    }

    @Test
    void dividesMappingsOfOnePrefixByWeight() {
        Snapshot snapshot = new Given()
                .service("quote")
                .service("quote-v2")
                .yaml(mapping("main", "hostname: \"*\"\nprefix: /a\nservice: quote\n"))
                .yaml(mapping("canary", "hostname: \"*\"\nprefix: /a\nservice: quote-v2\nweight: 10\n"))
                .compile();

        assertThat(Given.edge(snapshot, "*").rules())
                .singleElement()
                .satisfies(rule -> assertThat(MeshTest.backends(rule))
                        .containsExactlyInAnyOrder("->default/quote:80=90", "->default/quote-v2:80=10"));
    }

    @Test
    void servesAnAddressOutsideTheMeshAsItIs() {
        Snapshot snapshot = new Given()
                .yaml(mapping("a", "hostname: \"*\"\nprefix: /a\nservice: http://127.0.0.1:9000\n"))
                .yaml(mapping("b", "hostname: \"*\"\nprefix: /b\nservice: https://example.org\n"))
                .compile();

        assertThat(Given.problems(snapshot)).isEmpty();
        assertThat(Given.group(snapshot, "(outside)/127.0.0.1:9000").endpoints())
                .singleElement()
                .satisfies(endpoint -> {
                    assertThat(endpoint.transport()).isEqualTo(Endpoint.Transport.PLAIN);
                    assertThat(endpoint).hasToString("@127.0.0.1:9000");
                });
        assertThat(Given.group(snapshot, "(outside)/https://example.org:443").endpoints())
                .extracting(Endpoint::transport)
                .containsExactly(Endpoint.Transport.TLS);
    }

    @Test
    void saysWhichServiceOrPortIsMissing() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(mapping("a", "hostname: \"*\"\nprefix: /a\nservice: qoute\n"))
                .yaml(mapping("b", "hostname: \"*\"\nprefix: /b\nservice: quote.default:81\n"))
                .yaml(mapping("c", "prefix: /c\nservice: quote\n"))
                .compile();

        assertThat(Given.problems(snapshot)).containsExactly("""
                        Mapping default/a: service "qoute" is no Service.
                          Create Service qoute in namespace default. Did you mean quote?""", """
                        Mapping default/b: Service default/quote has no port 81.
                          Write quote.default:80, or give the Service that port.""", """
                        Mapping default/c: it has no hostname, and no Host selects its labels, so it serves nothing.
                          Write spec.hostname, for example "*".""");
    }

    @Test
    void listensWithTheCertificatesOfTheHostsThatAreBound() {
        Snapshot snapshot = new Given()
                .yaml(secret("cert"))
                .yaml(host("example", "*.example.com", "tlsSecret: {name: cert}"))
                .yaml(host("other", "other.org", "tlsSecret: {name: absent}"))
                .yaml(listener("https", 8443, "HTTPS"))
                .yaml(listener("http", 8080, "HTTP"))
                .yaml(listener("again", 8080, "HTTP"))
                .compile(new EdgeOptions("127.0.0.1", 18080, 18443, List.of("example.com")));

        assertThat(snapshot.edge())
                .extracting(EdgeListener::name)
                .containsExactlyInAnyOrder("http-18080", "https-18443");
        EdgeListener https =
                snapshot.edge().stream().filter(EdgeListener::tls).findFirst().orElseThrow();
        assertThat(https.certificates()).extracting(ServerCertificate::host).containsExactly("*.example.com");
        assertThat(https.certificates().getFirst().privateKeyPem()).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(Given.problems(snapshot)).containsExactly("""
                        Listener default/http: Listener default/again is older and listens on port 18080 already.
                          Delete one of the two, or choose another port.""", """
                        Host default/other: Secret default/absent does not exist.
                          Create it with type kubernetes.io/tls and the keys tls.crt and tls.key, or let \
                        weft certificate absent -n default --host 'other.org' make one.""");
    }

    @Test
    void redirectsClearTextWhereTheHostHasACertificateAndSaysNothingElse() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(secret("cert"))
                .yaml(host("a", "a.org", "tlsSecret: {name: cert}"))
                .yaml(host("b", "b.org", "tlsSecret: {name: cert}\n  requestPolicy: {insecure: {action: Reject}}"))
                .yaml(host("c", "c.org", "requestPolicy: {insecure: {action: Route}}"))
                .yaml(mapping("all", "hostname: \"*\"\nprefix: /\nservice: quote\n"))
                .compile();

        List<Rule> redirecting = Given.edge(snapshot, "a.org").rules();
        assertThat(redirecting).hasSize(3);
        assertThat(redirecting.getFirst().filters())
                .containsExactly(new RouteFilter.Redirect(301, "https", ":8443", ""));
        assertThat(redirecting.getFirst().matches()).asString().contains("x-forwarded-proto", "http");
        assertThat(Given.edge(snapshot, "b.org").rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.matches()).asString().contains("x-forwarded-proto", "value=https"));
        assertThat(Given.edge(snapshot, "c.org").rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.matches()).asString().doesNotContain("x-forwarded-proto"));
    }

    @Test
    void letsAMappingWithAPatternServeEveryHostThatItCovers() {
        Snapshot snapshot = new Given()
                .service("quote")
                .yaml(host("wide", "*.shop.org", "requestPolicy: {insecure: {action: Route}}"))
                .yaml(host("exact", "a.shop.org", "requestPolicy: {insecure: {action: Route}}"))
                .yaml(mapping("all", "hostname: \"*.shop.org\"\nprefix: /\nservice: quote\n"))
                .yaml(mapping("deep", "hostname: b.shop.org\nprefix: /deep\nservice: quote\n"))
                .yaml(mapping("none", "hostname: other.org\nprefix: /\nservice: quote\n"))
                .compile();

        assertThat(snapshot.edgeFrontends())
                .extracting(Frontend::name)
                .containsExactly("a.shop.org", "b.shop.org", "*.shop.org");
        assertThat(Given.edge(snapshot, "b.shop.org").rules())
                .extracting(Rule::name)
                .containsExactly("Mapping default/deep", "Mapping default/all");
        assertThat(Given.problems(snapshot))
                .singleElement()
                .asString()
                .contains("no Host covers hostname \"other.org\"");
    }

    @Test
    void triesMappingsBeforeTheKnativeRouteOfTheSameHost() {
        Snapshot snapshot = MeshTest.knative("{latestRevision: true, revisionName: hello-00002, percent: 100}")
                .service("quote")
                .yaml(host("hello", "hello.default.example.com", "requestPolicy: {insecure: {action: Route}}"))
                .yaml(mapping("quote", "hostname: hello.default.example.com\nprefix: /quote/\nservice: quote\n"))
                .compile();

        assertThat(Given.edge(snapshot, "hello.default.example.com").rules())
                .extracting(Rule::name)
                .containsExactly("Mapping default/quote", "Route default/hello");
        assertThat(Given.edge(snapshot, "hello.default.localhost").rules())
                .extracting(Rule::name)
                .containsExactly("Route default/hello");
    }

    @Test
    void redirectsToAnotherHost() {
        Snapshot snapshot = new Given().yaml(mapping("a", """
                        hostname: "*"
                        prefix: /a
                        service: b.org
                        host_redirect: true
                        path_redirect: /b
                        redirect_response_code: 308
                        """)).compile();

        assertThat(Given.edge(snapshot, "*").rules().getFirst().filters())
                .containsExactly(new RouteFilter.Redirect(308, "", "b.org", "/b"));
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    private static String mapping(String name, String spec) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: %s}
                spec:
                """.formatted(name) + spec.indent(2);
    }

    private static String host(String name, String hostname, String spec) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Host
                metadata: {name: %s}
                spec:
                  hostname: "%s"
                  %s
                """.formatted(name, hostname, spec);
    }

    private static String listener(String name, int port, String protocol) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Listener
                metadata: {name: %s}
                spec: {port: %d, protocol: %s, securityModel: XFP, hostBinding: {namespace: {from: ALL}}}
                """.formatted(name, port, protocol);
    }

    private static String secret(String name) {
        CertificateAuthority authority = CertificateAuthority.selfSigned("test", Instant.now(), Duration.ofDays(90));
        KeyPair keys = Keys.generate();
        String chain = Keys.pem(List.of(
                authority.issueServer(keys.getPublic(), List.of("*.example.com"), Instant.now(), Duration.ofDays(90))));
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                type: kubernetes.io/tls
                data: {tls.crt: %s, tls.key: %s}
                """.formatted(name, base64(chain), base64(Keys.pem(keys.getPrivate())));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
