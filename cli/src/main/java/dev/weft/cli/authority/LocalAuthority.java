package dev.weft.cli.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that nobody trusts who was not told to; it lasts for one run, or in a folder. */
public final class LocalAuthority {

    private static final Duration AUTHORITY_LASTS = Duration.ofDays(3650);
    private static final Duration CERTIFICATE_LASTS = Duration.ofDays(90);
    private static final X500Name NAME = new X500Name("CN=Weft local authority");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PrivateKey key;
    private final X509Certificate certificate;

    private LocalAuthority(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /** A new one, kept nowhere. */
    public static LocalAuthority passing() {
        KeyPair keys = newKeys();
        return new LocalAuthority(keys.getPrivate(), sign(NAME, keys.getPublic(), keys.getPrivate(), List.of()));
    }

    /**
     * The one of this folder, made when there is none: {@code ca.crt} to be trusted, {@code ca.key} readable by the owner
     * only.
     */
    public static LocalAuthority in(Path folder) throws IOException {
        Path key = folder.resolve("ca.key");
        Path certificate = folder.resolve("ca.crt");
        if (Files.exists(key) && Files.exists(certificate)) {
            try {
                return new LocalAuthority(
                        Pems.key(Files.readString(key)), Pems.certificate(Files.readString(certificate)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new IOException("the authority in " + folder + " cannot be read: " + e.getMessage(), e);
            }
        }
        LocalAuthority made = passing();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Pems.writeOwnerOnly(key, Pems.of(made.key)); // first: without its certificate it does not count
        Pems.writeOwnerOnly(certificate, Pems.of(made.certificate));
        return made;
    }

    /** A client's context that trusts this authority alone. */
    public SSLContext trusting() {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK cannot make a TLS context", e);
        }
    }

    /** A certificate and its private key. */
    public record Leaf(String chainPem, String keyPem) {}

    /** A certificate of 90 days for these hosts. */
    public Leaf leaf(List<String> hosts) {
        KeyPair own = newKeys();
        X509Certificate signed = sign(new X500Name("CN=" + hosts.getFirst()), own.getPublic(), key, hosts);
        return new Leaf(Pems.of(signed), Pems.of(own.getPrivate()));
    }

    /** A Secret of type {@code kubernetes.io/tls} with a certificate of 90 days for these hosts, as YAML. */
    public String secretYaml(String namespace, String name, List<String> hosts) {
        Leaf leaf = leaf(hosts);
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s, namespace: %s}
                type: kubernetes.io/tls
                data:
                  tls.crt: %s
                  tls.key: %s
                """.formatted(name, namespace, base64(leaf.chainPem()), base64(leaf.keyPem()));
    }

    private static X509Certificate sign(X500Name subject, PublicKey subjectKey, PrivateKey key, List<String> hosts) {
        try {
            Instant now = Instant.now();
            boolean authority = hosts.isEmpty();
            var builder = new JcaX509v3CertificateBuilder(
                    NAME,
                    new BigInteger(120, RANDOM),
                    Date.from(now.minusSeconds(60)),
                    Date.from(now.plus(authority ? AUTHORITY_LASTS : CERTIFICATE_LASTS)),
                    subject,
                    subjectKey);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            int usage = authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature;
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (!authority) {
                GeneralName[] names = hosts.stream()
                        .map(host -> new GeneralName(GeneralName.dNSName, host))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no elliptic curves", e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
