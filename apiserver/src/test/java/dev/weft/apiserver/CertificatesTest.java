package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's own certificates, also after a crash while they were written. */
class CertificatesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void makesAPairAnewOfWhichOnlyTheKeyWasWritten() throws IOException, GeneralSecurityException {
        new Certificates(folder, "127.0.0.1", NOW);
        Files.delete(folder.resolve("server.crt"));

        Certificates again = new Certificates(folder, "127.0.0.1", NOW);

        assertThat(again.keyStore().getCertificate("server").getPublicKey()).isNotNull();
        assertThat(folder.resolve("server.crt")).exists();
    }

    @Test
    void makesEverythingAnewWithoutAWholeAuthority() throws IOException, GeneralSecurityException {
        new Certificates(folder, "127.0.0.1", NOW);
        Files.delete(folder.resolve("ca.crt"));

        Certificates again = new Certificates(folder, "127.0.0.1", NOW);

        var chain = again.keyStore().getCertificateChain("server");
        chain[0].verify(chain[1].getPublicKey());
        assertThat(again.authorityPem()).contains("BEGIN CERTIFICATE");
    }

    @Test
    void aHandlerGetsWhatIsBelowItsPrefixAndNothingThatOnlyBeginsLikeIt() {
        Below below = new Below("/weft/v1/stat", new Handler.Sequence());

        assertThat(below.covers("/weft/v1/stat")).isTrue();
        assertThat(below.covers("/weft/v1/stat/default")).isTrue();
        assertThat(below.covers("/weft/v1/status")).isFalse();
    }
}
