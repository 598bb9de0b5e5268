package dev.weft.control.identity;

import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Reconciler;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * The workloads' authority: issues a certificate for every identity that is asked for, renews it at 70 % of its life, and
 * signs requests of proxies in other processes, whose keys it never sees.
 *
 * <p>Certificates and their keys live in memory only. One virtual thread renews; two askers of a new identity may both
 * make one, and the first wins.
 */
public final class IdentityAuthority implements Certificates, AutoCloseable {

    /** As Linkerd's. */
    public static final Duration LEAF_VALIDITY = Duration.ofHours(24);

    private static final double RENEW_AT = 0.7;

    private final Clock clock;
    private final Duration validity;
    private final List<X509Certificate> anchors;
    private final CertificateAuthority issuer;
    private final Map<WorkloadIdentity, WorkloadCertificate> certificates = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Reconciler<WorkloadIdentity> renewing;

    private IdentityAuthority(IdentityFiles.Identity identity, Clock clock, Duration validity) {
        this.clock = clock;
        this.validity = validity;
        this.anchors = List.of(identity.anchor());
        this.issuer = identity.issuer();
        this.renewing = new Reconciler<>("weft-identity", this::renew);
    }

    /**
     * Opens the authority of a data directory; the first time it makes the trust anchor and the issuer.
     *
     * @param folder for the anchor's and the issuer's files, readable by their owner only
     * @param validity of leaf certificates, {@link #LEAF_VALIDITY} unless a test wants it shorter
     * @throws IOException with a message for people: a file that cannot be read, or that others can read
     */
    public static IdentityAuthority open(Path folder, Clock clock, Duration validity) throws IOException {
        return new IdentityAuthority(new IdentityFiles(folder).openOrCreate(clock.instant()), clock, validity);
    }

    @Override
    public WorkloadCertificate certificate(WorkloadIdentity identity) {
        WorkloadCertificate known = certificates.get(identity);
        if (known != null) {
            return known;
        }
        WorkloadCertificate issued = issue(identity);
        WorkloadCertificate first = certificates.putIfAbsent(identity, issued);
        if (first != null) {
            return first;
        }
        renewing.enqueueAfter(identity, untilRenewal(issued));
        return issued;
    }

    @Override
    public List<X509Certificate> anchors() {
        return anchors;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Signs for a proxy in another process, which keeps its key.
     *
     * @param identity that the asker has proved to be entitled to; whatever the request itself says is ignored
     * @param request PKCS#10, DER
     * @return the chain, leaf first, without the anchor
     * @throws IllegalArgumentException with a message for people, when the request is malformed, or not signed by its key
     */
    public List<X509Certificate> sign(WorkloadIdentity identity, byte[] request) {
        try {
            JcaPKCS10CertificationRequest parsed = new JcaPKCS10CertificationRequest(request);
            PublicKey key = parsed.getPublicKey();
            if (!parsed.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IllegalArgumentException("certificate signing request: not signed by its own key");
            }
            return List.of(issuer.issueWorkload(key, identity, clock.instant(), validity), issuer.certificate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new IllegalArgumentException("certificate signing request: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        renewing.close();
    }

    /** Renews now what is due; what is not due yet, by a clock that was set back, waits again. */
    private void renew(WorkloadIdentity identity) {
        WorkloadCertificate current = certificate(identity);
        Duration wait = untilRenewal(current);
        if (!wait.isPositive()) {
            WorkloadCertificate next = issue(identity);
            certificates.put(identity, next);
            listeners.forEach(Runnable::run);
            wait = untilRenewal(next);
        }
        renewing.enqueueAfter(identity, wait);
    }

    private WorkloadCertificate issue(WorkloadIdentity identity) {
        KeyPair keys = Keys.generate();
        X509Certificate leaf = issuer.issueWorkload(keys.getPublic(), identity, clock.instant(), validity);
        return new WorkloadCertificate(identity, List.of(leaf, issuer.certificate()), keys.getPrivate());
    }

    private Duration untilRenewal(WorkloadCertificate certificate) {
        X509Certificate leaf = certificate.chain().getFirst();
        Instant from = leaf.getNotBefore().toInstant().plus(CertificateAuthority.CLOCK_SKEW);
        Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
        Instant due = from.plusMillis((long) (life.toMillis() * RENEW_AT));
        return Duration.between(clock.instant(), due);
    }
}
