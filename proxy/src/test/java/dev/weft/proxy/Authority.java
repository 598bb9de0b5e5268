package dev.weft.proxy;

import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests. */
final class Authority implements Certificates {

    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final KeyPair keys = newKeys();
    private final X509Certificate root;
    private final Map<WorkloadIdentity, WorkloadCertificate> issued = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    Authority() {
        root = sign("CN=root", keys, "CN=root", new GeneralName(GeneralName.dNSName, "root"), true);
    }

    @Override
    public WorkloadCertificate certificate(WorkloadIdentity identity) {
        return issued.computeIfAbsent(identity, this::issue);
    }

    /** A new certificate with a new key, which nobody is told of. */
    WorkloadCertificate issue(WorkloadIdentity identity) {
        KeyPair own = newKeys();
        GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri());
        return new WorkloadCertificate(
                identity,
                List.of(sign("CN=" + identity.serviceAccount(), own, "CN=root", uri, false)),
                own.getPrivate());
    }

    /** Replaces every certificate. */
    void renew() {
        issued.replaceAll((identity, _) -> issue(identity));
        listeners.forEach(Runnable::run);
    }

    @Override
    public List<X509Certificate> anchors() {
        return List.of(root);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    ServerCertificate forHost(String host) {
        KeyPair own = newKeys();
        X509Certificate leaf = sign("CN=" + host, own, "CN=root", new GeneralName(GeneralName.dNSName, host), false);
        try {
            return new ServerCertificate(
                    host,
                    pem("CERTIFICATE", leaf.getEncoded()),
                    pem("PRIVATE KEY", own.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private X509Certificate sign(String subject, KeyPair own, String issuer, GeneralName name, boolean authority) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.valueOf(SERIAL.getAndIncrement()),
                Date.from(now.minus(1, ChronoUnit.MINUTES)),
                Date.from(now.plus(1, ChronoUnit.HOURS)),
                new X500Name(subject),
                own.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String type, byte[] encoded) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END " + type
                + "-----\n";
    }
}
