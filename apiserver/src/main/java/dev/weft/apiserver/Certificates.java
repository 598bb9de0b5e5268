package dev.weft.apiserver;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The API's own certificates: an authority of ten years that the kubeconfig names, and the server's of one year, made
 * anew when it has less than a month left or does not name the address. Kept in files of mode 0600.
 */
final class Certificates {

    private static final Duration AUTHORITY_LASTS = Duration.ofDays(3650);
    private static final Duration SERVER_LASTS = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final List<String> NAMES = List.of(
            "localhost",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local");

    /** The API's, where pods have networks of their own: clients inside go by {@code KUBERNETES_SERVICE_HOST}. */
    private static final String CLUSTER_ADDRESS = "10.96.0.1";

    private record Pair(X509Certificate certificate, PrivateKey key) {}

    private final Path directory;
    private final String address;
    private final Instant now;
    private final Pair authority;
    private final Pair server;

    /** Reads the certificates, or makes what is missing. */
    Certificates(Path directory, String address, Instant now) throws IOException {
        this.directory = directory;
        this.address = address;
        this.now = now;
        SecretFiles.createDirectory(directory);
        try {
            boolean known = exists("ca");
            this.authority = known ? read("ca") : write("ca", makeAuthority());
            boolean usable = known && exists("server") && stillGood(read("server"));
            this.server = usable ? read("server") : write("server", makeServer());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("the certificates in " + directory + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** The authority's certificate, PEM. */
    String authorityPem() throws IOException {
        return Files.readString(directory.resolve("ca.crt"));
    }

    /** The server's key and certificate for TLS, readable without a password. */
    KeyStore keyStore() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] chain = {server.certificate(), authority.certificate()};
            store.setKeyEntry("server", server.key(), new char[0], chain);
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private boolean stillGood(Pair pair) throws GeneralSecurityException {
        List<String> names = new ArrayList<>();
        for (List<?> name : pair.certificate().getSubjectAlternativeNames()) {
            names.add(String.valueOf(name.get(1)));
        }
        Instant end = pair.certificate().getNotAfter().toInstant();
        return now.plus(RENEW_BEFORE).isBefore(end) && names.containsAll(List.of(address, CLUSTER_ADDRESS));
    }

    private Pair makeAuthority() throws GeneralSecurityException, OperatorCreationException, CertIOException {
        KeyPair keys = generate();
        X500Principal name = new X500Principal("CN=weft-api-ca");
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(name, serial(), begin(), end(AUTHORITY_LASTS), name, keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return new Pair(sign(builder, keys.getPrivate()), keys.getPrivate());
    }

    private Pair makeServer() throws GeneralSecurityException, OperatorCreationException, CertIOException {
        KeyPair keys = generate();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                authority.certificate().getSubjectX500Principal(),
                serial(),
                begin(),
                end(SERVER_LASTS),
                new X500Principal("CN=weft-api"),
                keys.getPublic());
        List<GeneralName> names = new ArrayList<>();
        NAMES.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        names.add(new GeneralName(GeneralName.iPAddress, "::1"));
        names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
        names.add(new GeneralName(GeneralName.iPAddress, CLUSTER_ADDRESS));
        if (!address.equals("127.0.0.1")) {
            boolean numeric = address.matches("[0-9.]+|.*:.*");
            names.add(new GeneralName(numeric ? GeneralName.iPAddress : GeneralName.dNSName, address));
        }
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        return new Pair(sign(builder, authority.key()), keys.getPrivate());
    }

    private Date begin() {
        return Date.from(now.minus(Duration.ofMinutes(5)));
    }

    private Date end(Duration lasts) {
        return Date.from(now.plus(lasts));
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static BigInteger serial() {
        return new BigInteger(127, new SecureRandom()).add(BigInteger.ONE);
    }

    private Pair read(String name) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".crt"))) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            String pem = Files.readString(directory.resolve(name + ".key"));
            byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
            return new Pair(certificate, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
        }
    }

    /** A pair counts from its certificate on, which is therefore last; a renewed one is no pair between the two. */
    private Pair write(String name, Pair pair) throws IOException, CertificateEncodingException {
        Files.deleteIfExists(directory.resolve(name + ".crt"));
        SecretFiles.write(
                directory.resolve(name + ".key"), pem("PRIVATE KEY", pair.key().getEncoded()));
        SecretFiles.write(
                directory.resolve(name + ".crt"),
                pem("CERTIFICATE", pair.certificate().getEncoded()));
        return pair;
    }

    private boolean exists(String name) {
        return Files.exists(directory.resolve(name + ".crt")) && Files.exists(directory.resolve(name + ".key"));
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
