package dev.weft.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeCertificateTest {

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void readsAKeyOfEachKindThatCertificatesHave(String algorithm) throws GeneralSecurityException {
        PrivateKey key =
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

        assertThat(privateKey("one line before\n" + pem("PRIVATE KEY", key.getEncoded())))
                .hasValueSatisfying(read -> assertThat(read.getEncoded()).isEqualTo(key.getEncoded()));
    }

    @Test
    void leavesOtherFormsToOthers() throws GeneralSecurityException {
        byte[] key = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();

        assertThat(privateKey(pem("EC PRIVATE KEY", key))).isEmpty();
        assertThat(privateKey(pem("PRIVATE KEY", new byte[] {1, 2, 3}))).isEmpty();
        assertThat(privateKey("")).isEmpty();
    }

    private static Optional<PrivateKey> privateKey(String pem) {
        return new EdgeCertificate("*", "", pem).privateKey();
    }

    private static String pem(String label, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }
}
