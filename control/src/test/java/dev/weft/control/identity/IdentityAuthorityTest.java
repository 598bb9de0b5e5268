package dev.weft.control.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityAuthorityTest {

    private static final WorkloadIdentity QUOTE =
            new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "quote");

    @TempDir
    private Path folder;

    @Test
    void givesAnIdentityACertificateThatTheAnchorVouchesFor() throws Exception {
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            WorkloadCertificate certificate = authority.certificate(QUOTE);

            X509Certificate leaf = certificate.chain().getFirst();
            assertThat(leaf.getSubjectAlternativeNames())
                    .containsExactly(List.of(6, "spiffe://cluster.local/ns/default/sa/quote"));
            Duration life = Duration.between(Instant.now(), leaf.getNotAfter().toInstant());
            assertThat(life).isBetween(Duration.ofHours(23), Duration.ofHours(24));
            assertThat(leaf.getNotBefore().toInstant()).isBefore(Instant.now().minusSeconds(15));
            assertThat(certificate.chain()).hasSize(2);
            assertThat(authority.certificate(QUOTE)).isSameAs(certificate);
            validate(certificate.chain(), authority.anchors().getFirst());
        }
    }

    @Test
    void keepsTheAnchorAndTheIssuerInFilesOfTheirOwnerAlone() throws Exception {
        List<X509Certificate> anchors;
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            anchors = authority.anchors();
        }

        for (String name : List.of("anchor.key", "anchor.crt", "issuer.key", "issuer.crt")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("identity/" + name))))
                    .isEqualTo("rw-------");
        }
        try (IdentityAuthority again = open(Clock.systemUTC())) {
            assertThat(again.anchors()).isEqualTo(anchors);
            validate(again.certificate(QUOTE).chain(), anchors.getFirst());
        }
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws Exception {
        open(Clock.systemUTC()).close();
        Path key = folder.resolve("identity/issuer.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> open(Clock.systemUTC()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("issuer.key can be read by others");
    }

    @Test
    void replacesAnIssuerThatWillEndSoonAndKeepsTheAnchor() throws Exception {
        List<X509Certificate> anchors;
        X509Certificate issuer;
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            anchors = authority.anchors();
            issuer = authority.certificate(QUOTE).chain().get(1);
        }
        Clock later = Clock.fixed(Instant.now().plus(Duration.ofDays(320)), ZoneOffset.UTC);

        try (IdentityAuthority authority = open(later)) {
            assertThat(authority.anchors()).isEqualTo(anchors);
            assertThat(authority.certificate(QUOTE).chain().get(1)).isNotEqualTo(issuer);
        }
    }

    @Test
    void renewsACertificateBeforeItEndsAndSaysSo() throws Exception {
        CountDownLatch renewed = new CountDownLatch(1);
        try (IdentityAuthority authority =
                IdentityAuthority.open(folder.resolve("identity"), Clock.systemUTC(), Duration.ofSeconds(2))) {
            WorkloadCertificate first = authority.certificate(QUOTE);
            authority.onChange(renewed::countDown);

            assertThat(renewed.await(60, TimeUnit.SECONDS)).isTrue();
            WorkloadCertificate second = authority.certificate(QUOTE);
            assertThat(second.chain().getFirst().getSerialNumber())
                    .isNotEqualTo(first.chain().getFirst().getSerialNumber());
            assertThat(second.privateKey()).isNotEqualTo(first.privateKey());
        }
    }

    @Test
    void signsARequestForTheIdentityThatWasProvedAndNotTheOneThatItNames() throws Exception {
        KeyPair keys = Keys.generate();
        byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=admin"), keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            List<X509Certificate> chain = authority.sign(QUOTE, request);

            assertThat(chain.getFirst().getPublicKey()).isEqualTo(keys.getPublic());
            assertThat(chain.getFirst().getSubjectX500Principal().getName()).isEqualTo("CN=quote");
            validate(chain, authority.anchors().getFirst());
        }
    }

    @Test
    void refusesARequestThatItsOwnKeyDidNotSign() throws Exception {
        byte[] request = new JcaPKCS10CertificationRequestBuilder(
                        new X500Principal("CN=quote"), Keys.generate().getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(Keys.generate().getPrivate()))
                .getEncoded();
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            assertThatThrownBy(() -> authority.sign(QUOTE, request)).hasMessageContaining("not signed by its own key");
            assertThatThrownBy(() -> authority.sign(QUOTE, new byte[] {1, 2, 3}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void issuesServersCertificatesForNamesAndAddresses() throws Exception {
        CertificateAuthority authority =
                CertificateAuthority.selfSigned("demonstration", Instant.now(), Duration.ofDays(1));
        X509Certificate server = authority.issueServer(
                Keys.generate().getPublic(),
                List.of("*.default.example.com", "127.0.0.1"),
                Instant.now(),
                Duration.ofDays(2));

        assertThat(server.getSubjectAlternativeNames())
                .containsExactly(List.of(2, "*.default.example.com"), List.of(7, "127.0.0.1"));
        assertThat(server.getNotAfter())
                .isBeforeOrEqualTo(authority.certificate().getNotAfter());
        assertThat(Keys.certificates(Keys.pem(List.of(server)))).containsExactly(server);
        assertThat(Keys.privateKey(Keys.pem(authority.key()))).isEqualTo(authority.key());
        assertThat(authority).asString().doesNotContain("PRIVATE");
    }

    @Test
    void rotatesTheAnchorInThreeStepsAfterEachOfWhichOldAndNewCertificatesAreTrusted() throws Exception {
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            AtomicInteger told = new AtomicInteger();
            WorkloadCertificate before = authority.certificate(QUOTE);
            X509Certificate old = authority.anchors().getFirst();
            authority.onChange(told::incrementAndGet);

            assertThat(authority.advanceRotation().stage()).isEqualTo("trusted");
            assertThat(authority.anchors()).hasSize(2).startsWith(old);
            assertThat(authority.certificate(QUOTE)).isSameAs(before);
            X509Certificate next = authority.anchors().getLast();

            assertThat(authority.advanceRotation().stage()).isEqualTo("issued");
            assertThat(authority.anchors()).containsExactly(next, old);
            validate(authority.certificate(QUOTE).chain(), next);
            validate(before.chain(), old);
            assertThat(authority.state().leaves()).allMatch(IdentityState.Leaf::current);

            assertThat(authority.advanceRotation().stage()).isEqualTo("steady");
            assertThat(authority.anchors()).containsExactly(next);
            validate(authority.certificate(QUOTE).chain(), next);
            assertThat(told).hasValue(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void goesOnWithARotationAfterARestart(int steps) throws Exception {
        List<X509Certificate> anchors;
        IdentityState state;
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            for (int i = 0; i < steps; i++) {
                authority.advanceRotation();
            }
            anchors = authority.anchors();
            state = authority.state();
        }
        try (IdentityAuthority again = open(Clock.systemUTC())) {
            assertThat(again.anchors()).isEqualTo(anchors);
            assertThat(again.state()).isEqualTo(state);
            validate(again.certificate(QUOTE).chain(), anchors.getFirst());
        }
    }

    @Test
    void keepsTheOldAnchorWhileAnotherProcessStillNeedsIt() throws Exception {
        KeyPair keys = Keys.generate();
        byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=edge"), keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
        try (IdentityAuthority authority = open(Clock.systemUTC())) {
            authority.sign(QUOTE, request);
            authority.advanceRotation();
            authority.advanceRotation();

            assertThatThrownBy(authority::advanceRotation)
                    .hasMessageContaining("still vouches for")
                    .hasMessageContaining("(in another process)");
            authority.sign(QUOTE, request);
            assertThat(authority.advanceRotation().stage()).isEqualTo("steady");
        }
    }

    private IdentityAuthority open(Clock clock) throws IOException {
        return IdentityAuthority.open(folder.resolve("identity"), clock, IdentityAuthority.LEAF_VALIDITY);
    }

    private static void validate(List<X509Certificate> chain, X509Certificate anchor) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    }
}
