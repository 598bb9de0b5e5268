package dev.weft.control.compile;

import dev.weft.model.traffic.ServerCertificate;
import dev.weft.resources.core.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Checks TLS secrets, each content once: that the chain and the key can be read and belong together. */
final class TlsSecrets {

    private static final byte[] PROBE = "weft".getBytes(StandardCharsets.US_ASCII);

    private record Content(String chain, String key) {}

    /** What a secret proved to be. */
    sealed interface Checked {

        record Usable(String chainPem, String keyPem) implements Checked {
            ServerCertificate certificate(String host) {
                return new ServerCertificate(host, chainPem, keyPem);
            }
        }

        /**
         * Not to be shown to a client.
         *
         * @param reason completes "Secret … "
         */
        record Unusable(String reason, String remedy) implements Checked {}
    }

    private final Map<Content, Checked> known = new HashMap<>();
    private final Set<Content> used = new HashSet<>();

    Checked check(Secret secret) {
        Content content = new Content(
                secret.value("tls.crt").orElse(""), secret.value("tls.key").orElse(""));
        used.add(content);
        return known.computeIfAbsent(content, TlsSecrets::check);
    }

    /** Forgets the contents that were not asked for since the last call. */
    void forgetUnused() {
        known.keySet().retainAll(used);
        used.clear();
    }

    private static Checked check(Content content) {
        if (content.chain.isEmpty() || content.key.isEmpty()) {
            return new Checked.Unusable("has no tls.crt or no tls.key", "Write both, PEM in base64.");
        }
        try {
            X509Certificate leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(content.chain.getBytes(StandardCharsets.UTF_8)));
            PrivateKeyInfo info = key(content.key);
            PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(info);
            if (!belongTogether(leaf, key)) {
                return new Checked.Unusable("has a tls.key that does not belong to its tls.crt", "Put the pair in.");
            }
            return new Checked.Usable(content.chain, pem(info));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return new Checked.Unusable("cannot be read: " + e.getMessage(), "Put a PEM chain and a PEM key in.");
        }
    }

    /** PKCS#8, PKCS#1 and SEC 1 are all in use. */
    private static PrivateKeyInfo key(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                if (next instanceof PrivateKeyInfo info) {
                    return info;
                }
                if (next instanceof PEMKeyPair pair) {
                    return pair.getPrivateKeyInfo();
                }
            }
        }
        throw new IOException("tls.key holds no private key without a password");
    }

    private static boolean belongTogether(X509Certificate leaf, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC", "ECDSA" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(PROBE);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(leaf.getPublicKey());
        verifier.update(PROBE);
        return verifier.verify(signature);
    }

    private static String pem(PrivateKeyInfo key) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
        }
        return text.toString();
    }
}
