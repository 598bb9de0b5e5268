package dev.weft.control.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationsTest {

    private static final WorkloadIdentity QUOTE =
            new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "quote");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.700Z");

    @TempDir
    private Path folder;

    private IdentityAuthority at(Instant now) throws IOException {
        return IdentityAuthority.open(folder, Clock.fixed(now, ZoneOffset.UTC), IdentityAuthority.LEAF_VALIDITY);
    }

    private static boolean refused(IdentityAuthority authority, X509Certificate leaf) {
        return authority.revocations().stream().anyMatch(each -> each.covers(QUOTE, leaf));
    }

    private static X509Certificate leaf(WorkloadCertificate certificate) {
        return certificate.chain().getFirst();
    }

    @Test
    void replacesTheCertificateThatIsRevokedAndSaysSo() throws IOException {
        try (IdentityAuthority authority = at(NOW)) {
            X509Certificate stolen = leaf(authority.certificate(QUOTE));
            AtomicInteger told = new AtomicInteger();
            authority.onChange(told::incrementAndGet);
            IdentityState state = authority.revoke(stolen.getSerialNumber());
            assertThat(refused(authority, stolen)).isTrue();
            assertThat(refused(authority, leaf(authority.certificate(QUOTE)))).isFalse();
            assertThat(told).hasValue(1);
            assertThat(state.revocations())
                    .containsExactly(new Revocation.OfCertificate(
                            stolen.getSerialNumber(),
                            stolen.getNotAfter().toInstant().plusSeconds(20)));
        }
    }

    @Test
    void revokesAllOfAnIdentityUpToNowAndNoneThatIsIssuedInTheSameSecond() throws IOException {
        try (IdentityAuthority authority = at(NOW)) {
            X509Certificate stolen = leaf(authority.certificate(QUOTE));
            var _ = authority.revoke(QUOTE);
            X509Certificate next = leaf(authority.certificate(QUOTE));
            assertThat(refused(authority, stolen)).isTrue();
            assertThat(refused(authority, next)).isFalse();
            assertThat(next.getNotBefore().toInstant()).isBefore(NOW);
        }
    }

    @Test
    void remembersWhatWasRevokedAfterARestartUntilItWouldHaveEnded() throws IOException {
        X509Certificate one;
        X509Certificate other;
        try (IdentityAuthority authority = at(NOW)) {
            one = leaf(authority.certificate(QUOTE));
            var _ = authority.revoke(one.getSerialNumber());
            other = leaf(authority.certificate(QUOTE));
            var _ = authority.revoke(QUOTE);
        }
        Instant end = one.getNotAfter().toInstant();
        try (IdentityAuthority again = at(end)) {
            assertThat(refused(again, one)).isTrue();
            assertThat(refused(again, other)).isTrue();
        }
        try (IdentityAuthority later = at(end.plus(Duration.ofMinutes(1)))) {
            assertThat(later.revocations()).isEmpty();
            var _ = later.revoke(new BigInteger("77", 16));
        }
        assertThat(Files.readAllLines(folder.resolve("revoked.txt"))).hasSize(1);
    }

    @Test
    void listsASubjectOnceHoweverOftenItIsRevoked() throws IOException {
        try (IdentityAuthority authority = at(NOW)) {
            for (int i = 0; i < 3; i++) {
                var _ = authority.revoke(QUOTE);
                var _ = authority.revoke(BigInteger.TEN);
            }
            assertThat(authority.revocations())
                    .hasSize(2)
                    .last()
                    .isEqualTo(new Revocation.OfCertificate(
                            BigInteger.TEN,
                            Instant.parse("2026-03-02T12:00:21Z"))); // as one that is issued now, and 20 s
        }
    }

    @Test
    void doesNotRevokeWhoVouchesForEverybody() throws IOException {
        try (IdentityAuthority authority = at(NOW)) {
            BigInteger issuer = authority.issuer().getSerialNumber();
            assertThatThrownBy(() -> authority.revoke(issuer))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("weft identity rotate");
            assertThat(authority.revocations()).isEmpty();
        }
    }

    @Test
    void forgivesNobodyWhereTheListCannotBeRead() throws IOException {
        at(NOW).close();
        Files.writeString(folder.resolve("revoked.txt"), "certificate 77 tomorrow\n");
        assertThatThrownBy(() -> at(NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("revoked.txt cannot be read: \"certificate 77 tomorrow\"");
    }

    @Test
    void readsItsOwnText() {
        List<Revocation> all = List.of(
                new Revocation.OfCertificate(new BigInteger("5f3a9c", 16), NOW),
                new Revocation.OfIdentity(QUOTE, NOW.minusSeconds(20), NOW.plusSeconds(20)));
        assertThat(Revocations.parse(Revocations.text(all))).isEqualTo(all);
    }
}
