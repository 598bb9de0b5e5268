package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.identity.CertificateAuthority;
import dev.weft.control.identity.Keys;
import dev.weft.model.problem.Problem;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.model.traffic.TlsPolicy.Clients;
import dev.weft.resources.Kinds;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What hosts ask of their clients' handshakes; what is wrong about that lets nobody in. */
class ClientCertificatesTest {

    private final Instant now = Instant.now();

    private final CertificateAuthority authority = CertificateAuthority.selfSigned("clients", now, Duration.ofDays(90));

    private Given given() {
        return new Given()
                .now(now)
                .service("quote")
                .yaml(certificate("cert", 90))
                .yaml(authorities());
    }

    private String certificate(String name, int days) {
        KeyPair keys = Keys.generate();
        String chain = Keys.pem(
                List.of(authority.issueServer(keys.getPublic(), List.of("shop.test"), now, Duration.ofDays(days))));
        return secret(
                name,
                "kubernetes.io/tls",
                "tls.crt: " + base64(chain) + ", tls.key: " + base64(Keys.pem(keys.getPrivate())));
    }

    private String authorities() {
        return secret("ca", "Opaque", "tls.crt: " + base64(Keys.pem(List.of(authority.certificate()))));
    }

    private static String secret(String name, String type, String data) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                type: %s
                data: {%s}
                """.formatted(name, type, data);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String host(String spec) {
        return host("shop", "shop.test", spec);
    }

    private static String host(String name, String hostname, String spec) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Host
                metadata: {name: %s}
                spec: {hostname: "%s", tlsSecret: {name: cert}, %s}
                """.formatted(name, hostname, spec);
    }

    private static String context(String name, String spec) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: TLSContext
                metadata: {name: %s}
                spec: {%s}
                """.formatted(name, spec);
    }

    private static String mapping() {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: m}
                spec: {hostname: shop.test, prefix: /, service: quote}
                """;
    }

    private static ServerCertificate certificate(Snapshot snapshot, String host) {
        return snapshot.edge().stream()
                .filter(EdgeListener::tls)
                .flatMap(listener -> listener.certificates().stream())
                .filter(each -> each.host().equals(host))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no certificate for " + host));
    }

    @Test
    void aHostAsksForCertificatesOfItsAuthorities() {
        Snapshot snapshot = given().yaml(
                        host("tls: {ca_secret: ca, cert_required: true, min_tls_version: v1.3, alpn_protocols: h2}"))
                .compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        TlsPolicy policy = certificate(snapshot, "shop.test").policy();
        assertThat(policy.clients()).isEqualTo(Clients.REQUIRED);
        assertThat(policy.authoritiesPem()).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(policy.least()).isEqualTo(TlsPolicy.Version.TLS_1_3);
        assertThat(policy.protocols()).containsExactly("h2");
    }

    @ParameterizedTest
    @CsvSource({"'tlsContext: {name: mutual}', mutual", "'', shop-context"})
    void aContextSaysTheSame(String spec, String name) {
        Snapshot snapshot = given().yaml(context(name, "hosts: [shop.test], ca_secret: ca.default"))
                .yaml(host(spec))
                .compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        assertThat(certificate(snapshot, "shop.test").policy().clients()).isEqualTo(Clients.ASKED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls: {ca_secret: absent}                                   | Secret default/absent does not exist",
                "tls: {ca_secret: empty, cert_required: true}               | has no tls.crt and no ca.crt",
                "tls: {ca_secret: garbage, cert_required: true}             | Secret default/garbage",
                "tls: {ca_secret: ca, crl_secret: garbage}                  | has no crl.pem",
                "tls: {cert_required: true}                                 | but not whose",
                "tls: {cacert_chain_file: /ca.pem}                          | not read here",
                "tlsContext: {name: absent}                                 | TLSContext default/absent does not exist"
            })
    void nobodyComesInWhereWhatIsAskedIsWrong(String spec, String problem) {
        Snapshot snapshot = given().yaml(secret("empty", "Opaque", "a: ''"))
                .yaml(secret("garbage", "Opaque", "tls.crt: " + base64("-----BEGIN CERTIFICATE-----\nAAAA\n")))
                .yaml(host("all", "*", "requestPolicy: {insecure: {action: Route}}"))
                .yaml(host(spec))
                .compile();
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("Host default/shop", problem, "so nobody is let in"));
        assertThat(certificate(snapshot, "shop.test").closed()).isTrue();
        assertThat(certificate(snapshot, "*").closed()).isFalse();
    }

    @Test
    void aHostThatCouldNeverBeReadKeepsItsNameToItself() {
        Snapshot snapshot = given().yaml(host("all", "*", "requestPolicy: {insecure: {action: Route}}"))
                .wrong(Kinds.HOST, host("tls: {ca_secret: ca, cert_required: sure}"))
                .yaml(mapping())
                .compile();
        assertThat(certificate(snapshot, "shop.test").closed()).isTrue();
        assertThat(snapshot.edgeFrontends())
                .noneSatisfy(frontend -> assertThat(frontend.hosts()).contains("shop.test"));

        Snapshot alone = new Given()
                .service("quote")
                .wrong(Kinds.HOST, host("tls: {ca_secret: ca, cert_required: sure}"))
                .yaml(mapping())
                .compile();
        assertThat(alone.edgeFrontends()).isEmpty();
    }

    @Test
    void aContextEndsTlsForTheStreamsOfItsHosts() {
        Snapshot snapshot = given().yaml(
                        context("streams", "hosts: [db.test], secret: cert, ca_secret: ca, cert_required: true"))
                .yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: TCPMapping
                        metadata: {name: db}
                        spec: {port: 9000, host: db.test, service: quote}
                        """)
                .compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        assertThat(certificate(snapshot, "db.test").policy().clients()).isEqualTo(Clients.REQUIRED);
        assertThat(snapshot.edge().stream().flatMap(listener -> listener.streams().stream()))
                .singleElement()
                .satisfies(stream -> assertThat(stream.endsTls()).isTrue());
    }

    private static String listener(int port, String label) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Listener
                metadata: {name: l%1$d}
                spec: {port: %1$d, protocol: HTTPS, securityModel: XFP,
                  hostBinding: {namespace: {from: ALL}, selector: {matchLabels: {at: "%2$s"}}}}
                """.formatted(port, label);
    }

    @Test
    void aHostThatAsksIsClosedWhereItIsNotBound() {
        Snapshot snapshot = given().yaml(listener(8443, "a"))
                .yaml(listener(9443, "b"))
                .yaml(host("tls: {ca_secret: ca, cert_required: true}")
                        .replace("{name: shop}", "{name: shop, labels: {at: a}}"))
                .yaml(host("open", "open.test", "").replace("{name: open}", "{name: open, labels: {at: b}}"))
                .compile();
        assertThat(snapshot.edge())
                .extracting(listener -> listener.certificates().stream()
                        .map(each -> each.host() + " " + each.policy().clients())
                        .toList())
                .containsExactlyInAnyOrder(
                        List.of("shop.test REQUIRED"), List.of("open.test ANYONE", "shop.test NOBODY"));
    }

    private static List<Rule> served(Snapshot snapshot, String host) {
        return Given.edge(snapshot, host).rules().stream()
                .filter(rule -> rule.matches().isEmpty()
                        || rule.matches().stream()
                                .anyMatch(match -> match.headers().isEmpty()))
                .toList();
    }

    /** By clear text without a word on it, and by clear text that is routed in as many words. */
    @ParameterizedTest
    @CsvSource({"''", "'requestPolicy: {insecure: {action: Route}}, '"})
    void aHostThatLetsNobodyInDoesNotByClearTextEither(String clearText) {
        for (String asking : List.of(
                "tls: {ca_secret: ca, cert_required: true}",
                "tlsSecret: {name: absent}, tls: {ca_secret: ca, cert_required: true}",
                "tlsSecret: {name: cert}, tls: {ca_secret: absent, cert_required: true}")) {
            Snapshot snapshot = given().yaml("""
                            apiVersion: getambassador.io/v3alpha1
                            kind: Host
                            metadata: {name: shop}
                            spec: {hostname: shop.test, %s%s}
                            """.formatted(clearText, asking))
                    .yaml(mapping())
                    .compile();
            assertThat(served(snapshot, "shop.test")).as(asking).isEmpty();
        }
    }

    @Test
    void aStreamWhoseHostAsksIsNeverPassedOnUntouched() {
        for (String wrong : List.of("secret: absent, ", "secret: ca, ", "")) {
            Snapshot snapshot = given().yaml(
                            context("streams", wrong + "hosts: [db.test], ca_secret: ca, cert_required: true"))
                    .yaml(stream())
                    .compile();
            assertThat(certificate(snapshot, "db.test").closed()).as(wrong).isTrue();
            assertThat(Given.problems(snapshot))
                    .anySatisfy(text -> assertThat(text).contains("TLSContext default/streams"));
        }
        Snapshot unreadable = given().wrong(
                        Kinds.TLS_CONTEXT, context("streams", "secret: cert, hosts: [db.test], cert_required: sure"))
                .yaml(stream())
                .compile();
        assertThat(certificate(unreadable, "db.test").closed()).isTrue();
        Snapshot two = given().yaml(context("a", "secret: cert, hosts: [db.test]"))
                .yaml(context("b", "secret: cert, hosts: [db.test], ca_secret: ca, cert_required: true"))
                .yaml(stream())
                .compile();
        assertThat(certificate(two, "db.test").closed()).isTrue();
    }

    private static String stream() {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: TCPMapping
                metadata: {name: db}
                spec: {port: 9000, host: db.test, service: quote}
                """;
    }

    @Test
    void hostsOfOneNameWhoseContextsDifferLetNobodyIn() {
        Snapshot snapshot = given().yaml(host("all", "*", ""))
                .yaml(host(""))
                .yaml(host("younger", "shop.test", ""))
                .yaml(context("younger-context", "ca_secret: ca, cert_required: true"))
                .yaml(mapping())
                .compile();
        assertThat(certificate(snapshot, "shop.test").closed()).isTrue();
        assertThat(served(snapshot, "shop.test")).isEmpty();
        assertThat(Given.problems(snapshot))
                .singleElement()
                .asString()
                .contains("Host default/", "so nobody is let in");
    }

    @Test
    void aContextThatAsksAndThatItsHostDoesNotNameIsAnError() {
        Snapshot snapshot = given().yaml(context("mutual", "hosts: [shop.test], ca_secret: ca, cert_required: true"))
                .yaml(host(""))
                .compile();
        assertThat(snapshot.verdicts().stream().flatMap(verdict -> verdict.problems().stream()))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
                    assertThat(problem.message()).contains("no Host of shop.test names it");
                });
    }

    @Test
    void aChainThatIsCutShortIsNotShown() {
        KeyPair keys = Keys.generate();
        String leaf = Keys.pem(
                List.of(authority.issueServer(keys.getPublic(), List.of("shop.test"), now, Duration.ofDays(90))));
        String cut = leaf + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        Snapshot snapshot = new Given()
                .now(now)
                .yaml(secret(
                        "cert",
                        "kubernetes.io/tls",
                        "tls.crt: " + base64(cut) + ", tls.key: " + base64(Keys.pem(keys.getPrivate()))))
                .yaml(host(""))
                .compile();
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("Secret default/cert cannot be read");
        assertThat(snapshot.edge()).noneMatch(EdgeListener::tls);
    }

    @Test
    void whatDoesNothingSaysSo() {
        Snapshot snapshot = given().yaml(context("lonely", "hosts: [x.test], ecdh_curves: [P-256]"))
                .yaml(host("tls: {cipher_suites: [ECDHE-RSA-AES128-SHA, ECDHE-RSA-AES128-GCM-SHA256]}"))
                .compile();
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("TLSContext default/lonely", "no Host names it"))
                .anySatisfy(text -> assertThat(text).contains("spec.ecdh_curves has no effect"))
                .anySatisfy(text -> assertThat(text).contains("ECDHE-RSA-AES128-SHA keep no secrecy"))
                .hasSize(3);
        assertThat(certificate(snapshot, "shop.test").policy().ciphers())
                .containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }

    @Test
    void warnsThreeWeeksBeforeACertificateEnds() {
        assertThat(Stream.of(22, 20)
                        .map(days -> Given.problems(new Given()
                                .now(now)
                                .yaml(certificate("cert", days))
                                .yaml(host(""))
                                .compile())))
                .satisfiesExactly(
                        none -> assertThat(none).isEmpty(),
                        soon -> assertThat(soon)
                                .singleElement()
                                .asString()
                                .contains("Host default/shop", "in less than 21 days"));
        Given ended = new Given().yaml(certificate("cert", 20)).yaml(host("")).now(now.plus(Duration.ofDays(21)));
        assertThat(Given.problems(ended.compile())).singleElement().asString().contains("clients refuse it");
    }

    @Test
    void warnsThreeWeeksBeforeAnAuthorityEnds() {
        Given late = given().now(now.plus(Duration.ofDays(70)))
                .yaml(certificate("cert", 200))
                .yaml(host("tls: {ca_secret: ca, cert_required: true}"));
        assertThat(Given.problems(late.compile()))
                .anySatisfy(text -> assertThat(text)
                        .contains("Host default/shop", "Secret default/ca holds an authority", "in less than 21 days"));
    }
}
