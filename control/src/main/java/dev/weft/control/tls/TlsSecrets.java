package dev.weft.control.tls;

import dev.weft.resources.core.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Checks TLS secrets, each content once: that all can be read, and that a key belongs to its chain. */
public final class TlsSecrets {

    private static final byte[] PROBE = "weft".getBytes(StandardCharsets.US_ASCII);

    private record Content(String chain, String key) {}

    /** What a secret proved to be. */
    sealed interface Checked {

        /**
         * To be shown.
         *
         * @param ends the leaf's last moment
         */
        record Usable(String chainPem, String keyPem, Instant ends) implements Checked {}

        /**
         * Not to be shown to a client.
         *
         * @param reason completes "Secret … "
         */
        record Unusable(String reason, String remedy) implements Checked {}
    }

    /** What a text of a secret proved to be. */
    sealed interface Text {

        /**
         * To be gone by.
         *
         * @param ends the first end of what it holds
         */
        record Usable(String pem, Instant ends) implements Text {}

        /**
         * Not to be gone by.
         *
         * @param reason completes "Secret … "
         */
        record Unusable(String reason, String remedy) implements Text {}
    }

    private final Map<Content, Checked> known = new HashMap<>();
    private final Set<Content> used = new HashSet<>();
    private final Map<String, Text> texts = new HashMap<>();
    private final Set<String> textsUsed = new HashSet<>();

    /** The authorities that vouch for clients: all certificates of {@code tls.crt}, or else of {@code ca.crt}. */
    Text authorities(Secret secret) {
        String pem = secret.value("tls.crt").or(() -> secret.value("ca.crt")).orElse("");
        textsUsed.add(pem);
        return texts.computeIfAbsent(pem, TlsSecrets::authorities);
    }

    private static Text authorities(String pem) {
        String remedy = "Put the authorities' certificates into tls.crt, PEM in base64.";
        if (pem.isBlank()) {
            return new Text.Unusable("has no tls.crt and no ca.crt", remedy);
        }
        try {
            return certificates(pem).stream()
                    .map(each -> each.getNotAfter().toInstant())
                    .min(Comparator.naturalOrder())
                    .<Text>map(ends -> new Text.Usable(pem, ends))
                    .orElse(new Text.Unusable("holds no certificate", remedy));
        } catch (CertificateException e) {
            return new Text.Unusable("cannot be read: " + e.getMessage(), remedy);
        }
    }

    /** The lists of certificates that are taken back: all of {@code crl.pem}. */
    Text revoked(Secret secret) {
        String pem = secret.value("crl.pem").orElse("");
        textsUsed.add(pem);
        return texts.computeIfAbsent(pem, TlsSecrets::revoked);
    }

    private static Text revoked(String pem) {
        String remedy = "Put the authority's list (CRL) into crl.pem, PEM in base64.";
        if (pem.isBlank()) {
            return new Text.Unusable("has no crl.pem", remedy);
        }
        try {
            return CertificateFactory.getInstance("X.509").generateCRLs(stream(pem)).stream()
                    .map(list -> end((X509CRL) list))
                    .min(Comparator.naturalOrder())
                    .<Text>map(ends -> new Text.Usable(pem, ends))
                    .orElse(new Text.Unusable("holds no list", remedy));
        } catch (GeneralSecurityException e) {
            return new Text.Unusable("cannot be read: " + e.getMessage(), remedy);
        }
    }

    private static Instant end(X509CRL list) {
        return list.getNextUpdate() == null ? Instant.MAX : list.getNextUpdate().toInstant();
    }

    private static List<X509Certificate> certificates(String pem) throws CertificateException {
        return CertificateFactory.getInstance("X.509").generateCertificates(stream(pem)).stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

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
        texts.keySet().retainAll(textsUsed);
        textsUsed.clear();
    }

    private static Checked check(Content content) {
        if (content.chain.isEmpty() || content.key.isEmpty()) {
            return new Checked.Unusable("has no tls.crt or no tls.key", "Write both, PEM in base64.");
        }
        try {
            List<X509Certificate> chain = certificates(content.chain); // all of it: a proxy shows all of it
            if (chain.isEmpty()) {
                return new Checked.Unusable("has a tls.crt without a certificate", "Put a PEM chain in.");
            }
            X509Certificate leaf = chain.getFirst();
            PrivateKeyInfo info = key(content.key);
            PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(info);
            if (!belongTogether(leaf, key)) {
                return new Checked.Unusable("has a tls.key that does not belong to its tls.crt", "Put the pair in.");
            }
            return new Checked.Usable(
                    content.chain, pem(info), leaf.getNotAfter().toInstant());
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
