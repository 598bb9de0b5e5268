package dev.weft.control.identity;

import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
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

/**
 * A certificate and the key that signs others with it: ECDSA on P-256 with SHA-256, as Linkerd's. Immutable, safe from any
 * thread.
 *
 * @param certificate its own
 * @param key its private key
 */
public record CertificateAuthority(X509Certificate certificate, PrivateKey key) {

    /** How far another machine's clock may be behind (Linkerd's allowance). */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(20);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new authority that vouches for itself. */
    public static CertificateAuthority selfSigned(String commonName, Instant now, Duration validity) {
        KeyPair keys = Keys.generate();
        X500Name name = name(commonName);
        X509Certificate certificate = sign(
                name, keys.getPrivate(), builder(name, keys.getPublic(), name, now, validity), authority(1), List.of());
        return new CertificateAuthority(certificate, keys.getPrivate());
    }

    /** A new authority that this one vouches for, and that may issue leaves only. */
    public CertificateAuthority intermediate(String commonName, Instant now, Duration validity) {
        KeyPair keys = Keys.generate();
        X509Certificate issued = issue(name(commonName), keys.getPublic(), now, validity, authority(0), List.of());
        return new CertificateAuthority(issued, keys.getPrivate());
    }

    /** A workload's certificate: its SPIFFE identity as the only name, good for both ends of a connection. */
    public X509Certificate issueWorkload(PublicKey key, WorkloadIdentity identity, Instant now, Duration validity) {
        GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri());
        ExtendedKeyUsage usage =
                new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
        return issue(name(identity.serviceAccount()), key, now, validity, leaf(usage), List.of(uri));
    }

    /**
     * A server's certificate, for the edge.
     *
     * @param hosts DNS names, {@code *.suffix} included, or numeric IP addresses; at least one
     */
    public X509Certificate issueServer(PublicKey key, List<String> hosts, Instant now, Duration validity) {
        List<GeneralName> names = hosts.stream()
                .map(host -> new GeneralName(Keys.numeric(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toList();
        ExtendedKeyUsage usage = new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
        return issue(name(hosts.getFirst()), key, now, validity, leaf(usage), names);
    }

    private record Purpose(BasicConstraints constraints, KeyUsage usage, List<ExtendedKeyUsage> extended) {}

    private static Purpose authority(int below) {
        return new Purpose(
                new BasicConstraints(below), new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign), List.of());
    }

    private static Purpose leaf(ExtendedKeyUsage extended) {
        return new Purpose(new BasicConstraints(false), new KeyUsage(KeyUsage.digitalSignature), List.of(extended));
    }

    private X509Certificate issue(
            X500Name subject,
            PublicKey subjectKey,
            Instant now,
            Duration validity,
            Purpose purpose,
            List<GeneralName> names) {
        Instant end = now.plus(validity);
        Instant own = certificate.getNotAfter().toInstant();
        Duration within = end.isAfter(own) ? Duration.between(now, own) : validity;
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return sign(issuer, key, builder(issuer, subjectKey, subject, now, within), purpose, names);
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, PublicKey key, X500Name subject, Instant now, Duration validity) {
        BigInteger serial = new BigInteger(127, RANDOM).setBit(126);
        Date from = Date.from(now.minus(CLOCK_SKEW));
        return new JcaX509v3CertificateBuilder(issuer, serial, from, Date.from(now.plus(validity)), subject, key);
    }

    private static X509Certificate sign(
            X500Name issuer,
            PrivateKey key,
            JcaX509v3CertificateBuilder builder,
            Purpose purpose,
            List<GeneralName> names) {
        try {
            builder.addExtension(Extension.basicConstraints, true, purpose.constraints);
            builder.addExtension(Extension.keyUsage, true, purpose.usage);
            for (ExtendedKeyUsage extended : purpose.extended) {
                builder.addExtension(Extension.extendedKeyUsage, false, extended);
            }
            if (!names.isEmpty()) {
                GeneralNames all = new GeneralNames(names.toArray(GeneralName[]::new));
                builder.addExtension(Extension.subjectAlternativeName, false, all);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("certificate of " + issuer + " could not be made", e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500Name(new RDN[] {new RDN(BCStyle.CN, new DERUTF8String(commonName))});
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
    }
}
