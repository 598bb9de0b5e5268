package dev.weft.cli.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.FreePort;
import dev.weft.control.identity.CertificateAuthority;
import dev.weft.control.identity.Keys;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Certificates that an authority issues by itself, against one that looks at the edge as real ones do. */
final class CertificatesByAcmeTest {

    private static final String LISTENER = """
            apiVersion: getambassador.io/v3alpha1
            kind: Listener
            metadata: {name: https}
            spec: {port: 8443, protocol: HTTPS, securityModel: XFP, hostBinding: {namespace: {from: ALL}}}
            """;

    private final TestClock clock = new TestClock();
    private final MemoryStore store = new MemoryStore();
    private final Lookout lookout = new Lookout(FreePort.find(), FreePort.find());

    @TempDir
    Path folder;

    private AcmeServer authority;
    private AcmeEdge edge;

    @BeforeEach
    void open() throws Exception {
        authority = new AcmeServer(clock, lookout);
        Resource root = Resource.of(Kinds.SECRET.key("default", "test-root"));
        root.json().putObject("stringData").put("ca.crt", authority.rootPem());
        store.apply(root);
    }

    @AfterEach
    void close() {
        if (edge != null) {
            edge.close();
        }
        authority.close();
    }

    @Test
    void getsACertificateByHttp01AndShowsItAtOnce() throws Exception {
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Ready");

        assertThat(authority.proven).containsExactly("http-01");
        Resource secret = secret("shop.example.com");
        assertThat(secret.at("/type").asString()).isEqualTo("kubernetes.io/tls");
        AcmeEdge.await(() -> serial("shop.example.com").equals(stored("shop.example.com")));
        JsonNode status = edge.status("shop");
        assertThat(status.path("tlsCertificateSource").asString()).isEqualTo("ACME");
        assertThat(status.path("phaseCompleted").asString()).isEqualTo("ACMECertificateChallenge");
        assertThat(status.path("phasePending").asString()).isEqualTo("NA");
        assertThat(status.path("errorReason").isMissingNode()).isTrue();
        assertThat(condition("shop", "Certificate")).contains("after HTTP-01", "renewed from");
        assertThat(condition("shop", "Accepted")).isEmpty();
        awaitEvent("CertificateIssued", "HTTP-01");
        assertThat(lookout.request("shop.example.com", authority.tokens.getFirst(), ""))
                .as("nothing is answered when nobody asks")
                .isNotEmpty();
    }

    @Test
    void getsACertificateByTlsAlpn01WhereOnlyTlsIsListenedFor() throws Exception {
        AcmeEdge.apply(store, LISTENER);
        ownCertificate("other-cert", "other.example.com");
        apply("other", "other.example.com", "tlsSecret: {name: other-cert}");
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Ready");

        assertThat(authority.proven).containsExactly("tls-alpn-01");
        AcmeEdge.await(() -> serial("shop.example.com").equals(stored("shop.example.com")));
        awaitEvent("CertificateIssued", "TLS-ALPN-01");
        assertThat(serial("other.example.com")).isEqualTo(stored("other-cert"));
        try (SSLSocket later = lookout.shake("shop.example.com", "acme-tls/1")) {
            assertThat(later.getApplicationProtocol()).isEmpty(); // the host's own, as there is no question any more
            assertThat(later.getSession().getPeerCertificates()[0]).isEqualTo(lookout.shown("shop.example.com"));
        }
    }

    @Test
    void asksForANewOneWhenAThirdOfItsLifeIsLeftAndNotBefore() throws Exception {
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Ready");
        String first = stored("shop.example.com");

        clock.advance(Duration.ofDays(59));
        lookAt("early");
        assertThat(authority.ordered).containsExactly("shop.example.com", "early.example.com");

        clock.advance(Duration.ofDays(2));
        lookAt("late");
        AcmeEdge.await(() -> !stored("shop.example.com").equals(first));
        AcmeEdge.await(() -> serial("shop.example.com").equals(stored("shop.example.com")));
        awaitEvent("CertificateRenewed");
        assertThat(authority.ordered).filteredOn("shop.example.com"::equals).hasSize(2);
    }

    @Test
    void waitsLongerAfterEachFailureAndSaysWhyWithoutItsSecrets() throws Exception {
        authority.expectsAnother = true;
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Error");
        long first = backOffSeconds("shop");
        assertThat(first).isBetween(900L, 1_081L);
        assertThat(edge.status("shop").path("errorReason").asString()).contains("Invalid response from http://shop");
        assertThat(edge.status("shop").path("tlsCertificateSource").asString()).isEqualTo("None");
        assertThat(edge.status("shop").path("errorTimestamp").asString())
                .isEqualTo(clock.instant().toString());

        lookAt("meanwhile");
        assertThat(authority.ordered).filteredOn("shop.example.com"::equals).hasSize(1);

        clock.advance(Duration.ofSeconds(first));
        poke("shop");
        AcmeEdge.await(() -> backOffSeconds("shop") >= 1_800);
        for (String token : authority.tokens) {
            assertThat(events()).noneMatch(event -> event.contains(token));
            assertThat(edge.status("shop").toString()).doesNotContain(token);
        }

        authority.expectsAnother = false;
        clock.advance(Duration.ofSeconds(backOffSeconds("shop")));
        poke("shop");
        edge.awaitState("shop", "Ready");
        assertThat(edge.status("shop").path("errorBackoff").isMissingNode()).isTrue();
    }

    @Test
    void doesAsAnAuthorityThatHasTooMuchToDoSaysAlsoAfterARestart() throws Exception {
        authority.busy = Optional.of(Duration.ofDays(3));
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Error");
        assertThat(backOffSeconds("shop"))
                .isBetween(
                        Duration.ofDays(3).toSeconds() - 60, Duration.ofDays(3).toSeconds() + 60);

        authority.busy = Optional.empty();
        edge.close();
        start();
        lookAt("meanwhile");
        edge.awaitState("meanwhile", "Ready");
        assertThat(authority.ordered).containsExactly("meanwhile.example.com");
        assertThat(edge.status("shop").path("state").asString()).isEqualTo("Error");

        clock.advance(Duration.ofDays(3).plusMinutes(1));
        poke("shop");
        edge.awaitState("shop", "Ready");
    }

    @Test
    void keepsItsCertificateAndItsAccountOverARestart() throws Exception {
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Ready");
        String first = stored("shop.example.com");

        edge.close();
        start();
        lookAt("second");
        edge.awaitState("second", "Ready");
        assertThat(authority.ordered).containsExactly("shop.example.com", "second.example.com");
        assertThat(stored("shop.example.com")).isEqualTo(first);
        assertThat(serial("shop.example.com")).isEqualTo(first);
        assertThat(store.list(Kinds.SECRET).stream()
                        .filter(secret -> secret.name().startsWith("acme-account-")))
                .hasSize(1);
    }

    @Test
    void asksNobodyForNamesThatCannotBeProvenHereOrWhereNoAuthorityIsNamed() throws Exception {
        host("all", "*", authority.directory());
        host("some", "*.example.com", authority.directory());
        host("local", "shop.localhost", authority.directory());
        host("numeric", "192.0.2.1", authority.directory());
        host("clear", "clear.example.com", authority.directory().replace("https:", "http:"));
        host("nobody", "nobody.example.com", "none");
        apply("silent", "silent.example.com", "acmeProvider: {email: a@example.com}");
        start();

        for (String name : List.of("all", "some", "local", "numeric", "clear")) {
            AcmeEdge.await(() -> condition(name, "Accepted").contains("no certificate is asked for: "));
        }
        assertThat(condition("some", "Accepted")).contains("DNS-01");
        AcmeEdge.await(() -> condition("silent", "Accepted").contains("no authority is named"));
        AcmeEdge.await(() -> edge.status("nobody").path("state").asString("").equals("Ready"));
        assertThat(authority.requests()).isZero();
    }

    @Test
    void leavesASecretAloneThatSomebodyElseMade() throws Exception {
        ownCertificate("shop.example.com", "shop.example.com");
        String own = stored("shop.example.com");
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Ready");

        assertThat(edge.status("shop").path("tlsCertificateSource").asString()).isEqualTo("Other");
        assertThat(stored("shop.example.com")).isEqualTo(own);
        assertThat(authority.requests()).isZero();
    }

    @Test
    void isAskedTheOtherWayAfterAFailure() throws Exception {
        ownCertificate("other-cert", "other.example.com"); // with which the edge listens for TLS too
        apply("other", "other.example.com", "tlsSecret: {name: other-cert}");
        authority.expectsAnother = true;
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Error");
        authority.expectsAnother = false;
        clock.advance(Duration.ofSeconds(backOffSeconds("shop")));
        poke("shop");
        edge.awaitState("shop", "Ready");
        assertThat(authority.proven).containsExactly("http-01", "tls-alpn-01");
    }

    @Test
    void waitsAlsoWhenTheHostWasGoneMeanwhile() throws Exception {
        authority.expectsAnother = true;
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Error");
        store.delete(Kinds.HOST.key("default", "shop"));
        lookAt("first");
        host("shop", "shop.example.com", authority.directory());
        lookAt("second");

        edge.awaitState("shop", "Error");
        assertThat(authority.ordered).filteredOn("shop.example.com"::equals).hasSize(1);
    }

    @Test
    void asksAgainAfterARestartWhenTheHostHasChangedAndTheAuthoritySaidNothing() throws Exception {
        authority.expectsAnother = true;
        host("shop", "shop.example.com", authority.directory());
        start();
        edge.awaitState("shop", "Error");
        authority.expectsAnother = false;
        edge.close();
        start();
        apply("shop", "shop.example.com", "acmeProvider: {authority: '" + authority.directory() + "'}");
        edge.awaitState("shop", "Ready");
    }

    @Test
    void asksForFewAtATimeAndForOneNameOnce() throws Exception {
        List<String> names = IntStream.range(0, 10).mapToObj(i -> "shop-" + i).toList();
        names.forEach(name -> host(name, name + ".example.com", authority.directory()));
        host("twin", "shop-0.example.com", authority.directory());
        apply(
                "thief",
                "thief.example.com",
                "tlsSecret: {name: shop-0.example.com}\n  acmeProvider: {authority: '" + authority.directory() + "'}");
        start();

        names.forEach(name -> edge.awaitState(name, "Ready"));
        edge.awaitState("twin", "Ready");
        edge.awaitState("thief", "Error");
        assertThat(edge.status("thief").path("errorReason").asString())
                .contains("where the certificate of shop-0.example.com is kept");
        assertThat(authority.ordered).hasSize(10).doesNotHaveDuplicates();
        assertThat(authority.busiest.get()).isBetween(1, 4);
    }

    private void start() throws IOException {
        edge = new AcmeEdge(store, clock, folder.resolve("identity"), lookout);
    }

    private void host(String name, String hostname, String directory) {
        apply(name, hostname, "acmeProvider: {authority: '" + directory + "', email: ops@example.com}");
    }

    private void apply(String name, String hostname, String more) {
        AcmeEdge.apply(store, """
                apiVersion: getambassador.io/v3alpha1
                kind: Host
                metadata: {name: %s, annotations: {weft.dev/acme-ca-secret: test-root}}
                spec:
                  hostname: '%s'
                  requestPolicy: {insecure: {action: Reject}}
                  %s
                """.formatted(name, hostname, more));
    }

    /** A further Host: once it is asked for, all others have been looked at. */
    private void lookAt(String name) {
        host(name, name + ".example.com", authority.directory());
        AcmeEdge.await(() -> authority.ordered.contains(name + ".example.com"));
    }

    private void poke(String host) {
        Resource resource = store.get(Kinds.HOST.key("default", host)).orElseThrow();
        ObjectNode json = resource.edit();
        json.withObject("/metadata").remove("resourceVersion");
        json.withObject("/metadata/labels")
                .put("poked", clock.instant().toString().replace(':', '.'));
        store.update(new Resource(Kinds.HOST, json));
    }

    private void ownCertificate(String secret, String name) {
        CertificateAuthority own = CertificateAuthority.selfSigned("own", clock.instant(), Duration.ofDays(900));
        KeyPair keys = Keys.generate();
        X509Certificate leaf = own.issueServer(keys.getPublic(), List.of(name), clock.instant(), Duration.ofDays(400));
        Resource resource = Resource.of(Kinds.SECRET.key("default", secret));
        resource.json().put("type", "kubernetes.io/tls");
        resource.json()
                .putObject("data")
                .put("tls.crt", encoded(Keys.pem(List.of(leaf))))
                .put("tls.key", encoded(Keys.pem(keys.getPrivate())));
        store.apply(resource);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Resource secret(String name) {
        return store.get(Kinds.SECRET.key("default", name)).orElseThrow();
    }

    private String stored(String secret) {
        try {
            byte[] pem = Base64.getDecoder()
                    .decode(secret(secret).at("/data/tls.crt").asString());
            return Keys.certificates(new String(pem, StandardCharsets.US_ASCII))
                    .getFirst()
                    .getSerialNumber()
                    .toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String serial(String name) {
        try {
            return lookout.shown(name).getSerialNumber().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private long backOffSeconds(String host) {
        String text = edge.status(host).path("errorBackoff").asString("0s");
        return Long.parseLong(text.substring(0, text.length() - 1));
    }

    private String condition(String host, String type) {
        for (JsonNode condition : edge.status(host).path("conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition.path("message").asString("");
            }
        }
        return "";
    }

    /** Events are written after what they tell of. */
    private void awaitEvent(String... words) {
        AcmeEdge.await(() ->
                events().stream().anyMatch(event -> List.of(words).stream().allMatch(event::contains)));
    }

    private List<String> events() {
        return store.list(Kinds.EVENT).stream()
                .map(event -> event.json().toString())
                .toList();
    }
}
