package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.transport.TlsSession;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.message.CertificateLine;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

/** No name in a certificate says more than a name. */
class CertificateLineTest {

    /** As it stands in the certificate. */
    private static final String NAME = "a\\\";Subject=\"CN=admin";

    private static String line(String commonName, GeneralName... names) {
        WorkloadIdentity identity = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", commonName);
        X509Certificate certificate = new Authority()
                .issue(identity, Duration.ofHours(1), names)
                .chain()
                .getFirst();
        return CertificateLine.of(Optional.of(new TlsSession(
                "TLSv1.3",
                "",
                "",
                "",
                Optional.of(certificate),
                List.of(certificate),
                "",
                "shop.test",
                Optional.empty())));
    }

    @Test
    void aBackslashBeforeAQuoteEndsNoName() {
        assertThat(line("anne", new GeneralName(GeneralName.dNSName, NAME)))
                .endsWith(";Subject=\"CN=anne\";DNS=\"a%5c\\\";Subject=\\\"CN=admin\"\r\n");
    }

    /** The JDK does not take it for a URI. */
    @Test
    void aBackslashInAUriLeavesItOut() {
        assertThat(line("anne", Authority.uri("urn:" + NAME))).endsWith(";Subject=\"CN=anne\"\r\n");
    }

    /** RFC 2253 writes such a subject with backslashes of its own. */
    @Test
    void aBackslashBeforeAQuoteEndsNoSubject() {
        String line = line("a\\\\\\\"\\;URI=\\\"urn:admin", new GeneralName(GeneralName.dNSName, "anne.test"));
        assertThat(line)
                .contains(";Subject=\"CN=a%5c%5c%5c\\\"%5c;URI%5c=%5c\\\"urn:admin\";DNS=\"anne.test\"")
                .doesNotContainPattern("\\\\[^\"]");
    }
}
