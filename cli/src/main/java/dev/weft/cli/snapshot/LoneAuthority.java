package dev.weft.cli.snapshot;

import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certificates for a data plane without a platform, from an anchor that lives as long as the process: what this proxy
 * serves trusts each other, and no other mesh. Everything is kept in memory.
 */
public final class LoneAuthority implements Certificates {

    private static final Duration LIFE = Duration.ofDays(3650);
    private static final X500Principal ISSUER = new X500Principal("CN=weft proxy without a platform");

    private final KeyPair keys = RemoteCertificates.keys();
    private final X509Certificate anchor;
    private final Map<WorkloadIdentity, WorkloadCertificate> certificates = new ConcurrentHashMap<>();

    private LoneAuthority() {
        anchor = certificate(keys, ISSUER, Extension.basicConstraints, new BasicConstraints(0));
    }

    /** With a new anchor, and no certificate yet. */
    public static LoneAuthority create() {
        return new LoneAuthority();
    }

    @Override
    public WorkloadCertificate certificate(WorkloadIdentity identity) {
        return certificates.computeIfAbsent(identity, this::issue);
    }

    @Override
    public List<X509Certificate> anchors() {
        return List.of(anchor);
    }

    @Override
    public List<Revocation> revocations() {
        return List.of();
    }

    @Override
    public void onChange(Runnable listener) {
        // nothing here changes
    }

    private WorkloadCertificate issue(WorkloadIdentity identity) {
        KeyPair own = RemoteCertificates.keys();
        GeneralNames names = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri()));
        X500Principal subject = new X500Principal("CN=" + identity.serviceAccount() + "." + identity.namespace());
        X509Certificate leaf = certificate(own, subject, Extension.subjectAlternativeName, names);
        return new WorkloadCertificate(identity, List.of(leaf), own.getPrivate());
    }

    private X509Certificate certificate(
            KeyPair subjectKeys, X500Principal subject, ASN1ObjectIdentifier extension, ASN1Encodable value) {
        try {
            Instant now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                    ISSUER,
                    BigInteger.valueOf(certificates.size() + 1L),
                    Date.from(now),
                    Date.from(now.plus(LIFE)),
                    subject,
                    subjectKeys.getPublic());
            builder.addExtension(extension, true, value);
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("certificate of " + subject + ": " + e.getMessage(), e);
        }
    }
}
