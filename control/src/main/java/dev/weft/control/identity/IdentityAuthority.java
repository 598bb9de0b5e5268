package dev.weft.control.identity;

import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Reconciler;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * The workloads' authority: issues a certificate for every identity that is asked for, renews it in time ({@link Renewal}), and
 * signs requests of proxies in other processes, whose keys it never sees. The trust anchor can be rotated while all of
 * this goes on.
 *
 * <p>Certificates and their keys live in memory only. One virtual thread renews; two askers of a new identity may both
 * make one, and the first wins. What is trusted is one immutable value behind one volatile word, replaced under {@code
 * rotating}, as is what was revoked; it is held while files are written and never by whoever asks for certificates.
 */
public final class IdentityAuthority implements Certificates, AutoCloseable {

    /** As Linkerd's. */
    public static final Duration LEAF_VALIDITY = Duration.ofHours(24);

    private final Clock clock;
    private final Duration validity;
    private final IdentityFiles files;
    private final ReentrantLock rotating = new ReentrantLock();
    private final Revocations revocations;
    private volatile Trust trust;
    private final Map<WorkloadIdentity, WorkloadCertificate> certificates = new ConcurrentHashMap<>();
    private final Map<WorkloadIdentity, X509Certificate> signedElsewhere = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Reconciler<WorkloadIdentity> renewing;

    private IdentityAuthority(
            IdentityFiles files, Trust trust, Revocations revocations, Clock clock, Duration validity) {
        this.revocations = revocations;
        this.clock = clock;
        this.validity = validity;
        this.files = files;
        this.trust = trust;
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
        IdentityFiles files = new IdentityFiles(folder);
        Trust trust = files.openOrCreate(clock.instant());
        return new IdentityAuthority(files, trust, Revocations.open(folder), clock, validity);
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
        WorkloadCertificate entered = unlessRevoked(identity, issued);
        renewing.enqueueAfter(identity, untilRenewal(entered));
        return entered;
    }

    /** One that was revoked between its making and its entry is made again: whoever revokes sees entries alone. */
    private WorkloadCertificate unlessRevoked(WorkloadIdentity identity, WorkloadCertificate entered) {
        X509Certificate leaf = entered.chain().getFirst();
        if (revocations().stream().noneMatch(each -> each.covers(identity, leaf))) {
            return entered;
        }
        WorkloadCertificate next = issue(identity);
        certificates.put(identity, next);
        return next;
    }

    @Override
    public List<X509Certificate> anchors() {
        return trust.anchors();
    }

    @Override
    public List<Revocation> revocations() {
        return revocations.at(clock.instant());
    }

    /** The certificate of whoever signs leaves now. */
    public X509Certificate issuer() {
        return trust.issuer().certificate();
    }

    /**
     * Takes the next step of a rotation of the trust anchor: first a new anchor is trusted beside the old one, then it
     * vouches for everybody, then the old one goes. Between two steps every proxy must have taken over the one before.
     *
     * @throws IllegalArgumentException when the old anchor still has to vouch for somebody
     * @throws IOException when the files cannot be written; nothing has changed then
     */
    public IdentityState advanceRotation() throws IOException {
        rotating.lock();
        try {
            if (trust.stage() == Trust.Stage.ISSUED) {
                refuseWhileSomebodyIsBehind();
            }
            trust = files.advance(trust, clock.instant());
            reissueOthers();
        } finally {
            rotating.unlock();
        }
        listeners.forEach(Runnable::run);
        return state();
    }

    private void refuseWhileSomebodyIsBehind() {
        List<String> behind = state().leaves().stream()
                .filter(leaf -> !leaf.current() && leaf.until().isAfter(clock.instant()))
                .map(leaf -> leaf.identity() + (leaf.remote() ? " (in another process)" : ""))
                .toList();
        if (!behind.isEmpty()) {
            reissueOthers();
            listeners.forEach(Runnable::run);
            throw new IllegalArgumentException("the old anchor still vouches for " + String.join(", ", behind)
                    + "; their certificates are being renewed, try again in a moment");
        }
    }

    /** Gives everybody a new certificate whose own is by another issuer. */
    private void reissueOthers() {
        for (Map.Entry<WorkloadIdentity, WorkloadCertificate> entry : certificates.entrySet()) {
            if (!isCurrent(entry.getValue().chain().getLast())) {
                entry.setValue(issue(entry.getKey()));
            }
        }
    }

    private boolean isCurrent(X509Certificate issuer) {
        return issuer.equals(trust.issuer().certificate());
    }

    /**
     * Has everybody refuse one certificate from now on, until it would have ended; whose own it is gets a new one first.
     *
     * @throws IllegalArgumentException when it is not a workload's
     * @throws IOException when that cannot be written down; nothing is revoked then
     */
    public IdentityState revoke(BigInteger serial) throws IOException {
        rotating.lock();
        try {
            if (isAuthority(serial)) {
                throw new IllegalArgumentException(
                        "serial number " + serial.toString(16)
                                + " is the issuer's or an anchor's, which vouch for everybody: weft identity rotate replaces them");
            }
            Instant now = clock.instant();
            Instant end = Stream.concat(
                            certificates.values().stream()
                                    .map(each -> each.chain().getFirst()),
                            signedElsewhere.values().stream())
                    .filter(leaf -> leaf.getSerialNumber().equals(serial))
                    .map(leaf -> leaf.getNotAfter().toInstant())
                    .findFirst()
                    .orElse(now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).plus(validity)); // an earlier one
            revoke(new Revocation.OfCertificate(serial, end.plus(CertificateAuthority.CLOCK_SKEW)), now);
        } finally {
            rotating.unlock();
        }
        listeners.forEach(Runnable::run);
        return state();
    }

    private void revoke(Revocation revocation, Instant now) throws IOException {
        revocations.add(revocation, now);
        certificates.replaceAll(
                (identity, each) -> revocation.covers(identity, each.chain().getFirst()) ? issue(identity) : each);
    }

    /**
     * Has everybody refuse all of an identity's certificates up to now, until they would have ended; it gets a new one.
     *
     * @throws IOException when that cannot be written down; nothing is revoked then
     */
    public IdentityState revoke(WorkloadIdentity identity) throws IOException {
        rotating.lock();
        try {
            Instant now = clock.instant();
            Instant before = now.truncatedTo(ChronoUnit.SECONDS) // as certificates tell the time
                    .plusSeconds(1)
                    .minus(CertificateAuthority.CLOCK_SKEW);
            Instant until =
                    before.plus(CertificateAuthority.CLOCK_SKEW.multipliedBy(2)).plus(validity);
            revoke(new Revocation.OfIdentity(identity, before, until), now);
        } finally {
            rotating.unlock();
        }
        listeners.forEach(Runnable::run);
        return state();
    }

    private boolean isAuthority(BigInteger serial) {
        return Stream.concat(trust.anchors().stream(), Stream.of(issuer()))
                .anyMatch(each -> each.getSerialNumber().equals(serial));
    }

    /** Anchors, issuer and leaves, for people. */
    public IdentityState state() {
        Trust now = trust;
        List<IdentityState.Leaf> leaves = new ArrayList<>();
        certificates.forEach((identity, certificate) -> leaves.add(new IdentityState.Leaf(
                identity,
                certificate.chain().getFirst().getSerialNumber(),
                certificate.chain().getFirst().getNotAfter().toInstant(),
                isCurrent(certificate.chain().getLast()),
                false)));
        signedElsewhere.forEach((identity, leaf) -> leaves.add(new IdentityState.Leaf(
                identity,
                leaf.getSerialNumber(),
                leaf.getNotAfter().toInstant(),
                IdentityFiles.signedBy(leaf, now.issuer().certificate()),
                true)));
        leaves.sort(Comparator.comparing(leaf -> leaf.identity().toString()));
        return new IdentityState(
                now.stage().name().toLowerCase(Locale.ROOT),
                now.anchors().stream().map(IdentityAuthority::entry).toList(),
                entry(now.issuer().certificate()),
                leaves,
                revocations());
    }

    private static IdentityState.Entry entry(X509Certificate certificate) {
        return new IdentityState.Entry(
                certificate.getSubjectX500Principal().getName(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                Keys.fingerprint(certificate));
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
            CertificateAuthority issuer = trust.issuer();
            X509Certificate leaf = issuer.issueWorkload(key, identity, earliest(identity), validity);
            signedElsewhere.put(identity, leaf);
            return List.of(leaf, issuer.certificate());
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
            WorkloadCertificate issued = issue(identity);
            certificates.put(identity, issued);
            WorkloadCertificate next = unlessRevoked(identity, issued);
            listeners.forEach(Runnable::run);
            wait = untilRenewal(next);
        }
        renewing.enqueueAfter(identity, wait);
    }

    private WorkloadCertificate issue(WorkloadIdentity identity) {
        CertificateAuthority issuer = trust.issuer();
        KeyPair keys = Keys.generate();
        X509Certificate leaf = issuer.issueWorkload(keys.getPublic(), identity, earliest(identity), validity);
        return new WorkloadCertificate(identity, List.of(leaf, issuer.certificate()), keys.getPrivate());
    }

    /** A moment ahead of now where all up to now was revoked: its beginning is reckoned back by more than that. */
    private Instant earliest(WorkloadIdentity identity) {
        return revocations.earliest(identity, clock.instant());
    }

    private Duration untilRenewal(WorkloadCertificate certificate) {
        return Duration.between(clock.instant(), Renewal.due(certificate.chain().getFirst()));
    }
}
