package dev.weft.proxy;

import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
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
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests. */
final class Authority implements Certificates {

    private static final AtomicLong SERIAL = new AtomicLong(1);

    private volatile Root root;
    private volatile Root next;
    private volatile List<X509Certificate> anchors;
    private volatile List<Revocation> revocations = List.of();
    private final Map<WorkloadIdentity, WorkloadCertificate> issued = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    Authority() {
        this("root");
    }

    Authority(String name) {
        this(newRoot(name, Duration.ofDays(1)));
    }

    private Authority(Root own) {
        root = own;
        next = root;
        anchors = List.of(root.certificate());
    }

    private record Signer(String name, KeyPair keys) {}

    private record Root(Signer signer, X509Certificate certificate) {}

    private static Root newRoot(String name, Duration life) {
        KeyPair own = newKeys();
        Signer signer = new Signer(name, own);
        return new Root(signer, sign("CN=" + name, own, signer, true, life, dns(name)));
    }

    private static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    /** One that lasts so long from now on. */
    static Authority lasting(String name, Duration life) {
        return new Authority(newRoot(name, life));
    }

    /** One whose own certificate this one signs. */
    Authority intermediate(String name) {
        KeyPair own = newKeys();
        X509Certificate certificate = sign("CN=" + name, own, root.signer(), true, Duration.ofHours(12), dns(name));
        return new Authority(new Root(new Signer(name, own), certificate));
    }

    /** Its own certificate, shown as if it were a client's. */
    WorkloadCertificate asClient(WorkloadIdentity identity) {
        return new WorkloadCertificate(
                identity, List.of(root.certificate()), root.signer().keys().getPrivate());
    }

    /** Trusts one more anchor; nobody has a certificate from it yet. */
    void trustNext() {
        next = newRoot("root" + SERIAL.get(), Duration.ofDays(1));
        anchors = List.of(root.certificate(), next.certificate());
        listeners.forEach(Runnable::run);
    }

    /** Has everybody's certificate signed by the next anchor. */
    void issueByNext() {
        root = next;
        renew();
    }

    /** Has this one's certificate alone signed by the next anchor. */
    void issueByNext(WorkloadIdentity identity) {
        root = next;
        issued.replace(identity, issue(identity));
        listeners.forEach(Runnable::run);
    }

    /** Trusts the newest anchor alone. */
    void dropOld() {
        anchors = List.of(root.certificate());
        listeners.forEach(Runnable::run);
    }

    @Override
    public WorkloadCertificate certificate(WorkloadIdentity identity) {
        return issued.computeIfAbsent(identity, this::issue);
    }

    /** A new certificate with a new key, which nobody is told of. */
    WorkloadCertificate issue(WorkloadIdentity identity) {
        return issue(identity, Duration.ofHours(1));
    }

    WorkloadCertificate issue(WorkloadIdentity identity, Duration life) {
        return issue(identity, life, uri(identity.uri()));
    }

    /** One that names these things, whoever asks. */
    WorkloadCertificate issue(WorkloadIdentity identity, Duration life, GeneralName... names) {
        KeyPair own = newKeys();
        return new WorkloadCertificate(
                identity,
                List.of(sign("CN=" + identity.serviceAccount(), own, root.signer(), false, life, names)),
                own.getPrivate());
    }

    /** One that the owner of another one signed, as if that made him an authority. */
    static WorkloadCertificate forgedBy(WorkloadCertificate owner, WorkloadIdentity identity) {
        KeyPair own = newKeys();
        Signer signer = new Signer(
                owner.identity().serviceAccount(),
                new KeyPair(owner.chain().getFirst().getPublicKey(), owner.privateKey()));
        X509Certificate forged = sign("CN=forged", own, signer, false, Duration.ofHours(1), uri(identity.uri()));
        return new WorkloadCertificate(identity, List.of(forged, owner.chain().getFirst()), own.getPrivate());
    }

    static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    /** Replaces every certificate. */
    void renew() {
        issued.replaceAll((identity, _) -> issue(identity));
        listeners.forEach(Runnable::run);
    }

    @Override
    public List<X509Certificate> anchors() {
        return anchors;
    }

    @Override
    public List<Revocation> revocations() {
        return revocations;
    }

    /** Has these refused, and everybody's own replaced, lest they be among them. */
    void revoke(Revocation... all) {
        issued.replaceAll((identity, _) -> issue(identity));
        revocations = List.of(all);
        listeners.forEach(Runnable::run);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    ServerCertificate forHost(String host) {
        KeyPair own = newKeys();
        X509Certificate leaf = sign("CN=" + host, own, root.signer(), false, Duration.ofHours(1), dns(host));
        try {
            return new ServerCertificate(
                    host,
                    pem("CERTIFICATE", leaf.getEncoded()),
                    pem("PRIVATE KEY", own.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Its own certificates, as those who trust it have them. */
    String pem() throws GeneralSecurityException {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate anchor : anchors) {
            pem.append(pem("CERTIFICATE", anchor.getEncoded()));
        }
        return pem.toString();
    }

    /** A list of certificates that it takes back. */
    String revoking(X509Certificate... revoked) {
        Instant now = Instant.now();
        X509v2CRLBuilder list = new X509v2CRLBuilder(
                X500Name.getInstance(
                        root.certificate().getSubjectX500Principal().getEncoded()),
                Date.from(now.minus(1, ChronoUnit.MINUTES)));
        list.setNextUpdate(Date.from(now.plus(1, ChronoUnit.HOURS)));
        for (X509Certificate each : revoked) {
            list.addCRLEntry(each.getSerialNumber(), Date.from(now.minus(1, ChronoUnit.MINUTES)), 0);
        }
        try {
            return pem(
                    "X509 CRL",
                    list.build(new JcaContentSignerBuilder("SHA256withECDSA")
                                    .build(root.signer().keys().getPrivate()))
                            .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate sign(
            String subject, KeyPair own, Signer issuer, boolean signs, Duration life, GeneralName... names) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + issuer.name()),
                BigInteger.valueOf(SERIAL.getAndIncrement()),
                Date.from(now.minus(1, ChronoUnit.MINUTES)),
                Date.from(now.plus(life)),
                new X500Name(subject),
                own.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(signs));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(issuer.keys().getPrivate())));
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
