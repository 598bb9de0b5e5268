package dev.weft.cli.snapshot;

import dev.weft.model.workload.Certificates;
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
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certificates for a data plane without a platform: each signs itself, so no mesh trusts them, and nothing is trusted but
 * them. Everything is kept in memory.
 */
public final class LoneAuthority implements Certificates {

    private static final Duration LIFE = Duration.ofDays(3650);

    private final Map<WorkloadIdentity, WorkloadCertificate> certificates = new ConcurrentHashMap<>();

    private LoneAuthority() {}

    /** With no certificate yet. */
    public static LoneAuthority create() {
        return new LoneAuthority();
    }

    @Override
    public WorkloadCertificate certificate(WorkloadIdentity identity) {
        return certificates.computeIfAbsent(identity, LoneAuthority::issue);
    }

    @Override
    public List<X509Certificate> anchors() {
        return List.of(certificate(WorkloadIdentity.EDGE).chain().getFirst());
    }

    @Override
    public void onChange(Runnable listener) {
        // nothing here changes
    }

    private static WorkloadCertificate issue(WorkloadIdentity identity) {
        try {
            KeyPair keys = RemoteCertificates.keys();
            Instant now = Instant.now();
            X500Principal nobody = new X500Principal("CN=weft proxy without a platform");
            var builder = new JcaX509v3CertificateBuilder(
                    nobody, BigInteger.ONE, Date.from(now), Date.from(now.plus(LIFE)), nobody, keys.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri())));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            return new WorkloadCertificate(identity, List.of(certificate), keys.getPrivate());
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("certificate of " + identity + ": " + e.getMessage(), e);
        }
    }
}
