package dev.weft.control.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewalTest {

    @TempDir
    private Path folder;

    @Test
    void spreadsWhatWasMadeTogetherOverAnHour() throws IOException {
        try (IdentityAuthority authority =
                IdentityAuthority.open(folder, Clock.systemUTC(), IdentityAuthority.LEAF_VALIDITY)) {
            List<X509Certificate> leaves = IntStream.range(0, 40)
                    .mapToObj(i -> new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "w" + i))
                    .map(each -> authority.certificate(each).chain().getFirst())
                    .toList();
            List<Duration> waits = leaves.stream()
                    .map(leaf -> Duration.between(leaf.getNotAfter().toInstant(), Renewal.due(leaf))
                            .negated())
                    .sorted()
                    .toList();
            assertThat(waits.getFirst()).isGreaterThanOrEqualTo(Duration.ofMinutes(7 * 60 + 11));
            assertThat(waits.getLast()).isLessThanOrEqualTo(Duration.ofMinutes(8 * 60 + 25));
            assertThat(waits.getLast().minus(waits.getFirst())).isGreaterThan(Duration.ofMinutes(20));
            assertThat(Renewal.due(leaves.getFirst())).isEqualTo(Renewal.due(leaves.getFirst()));
        }
    }
}
