package dev.weft.cli.snapshot;

import dev.weft.control.identity.Renewal;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Certificates for keys that this process makes, signed by the platform in another process, renewed at 70 % of their
 * life, and when the platform rotates its trust anchor or revokes one.
 *
 * <p>Any thread may ask; the first to ask for an identity fetches it while others wait. One virtual thread renews.
 */
public final class RemoteCertificates implements Certificates, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCertificates.class);
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final long CHECK_SECONDS = 5;

    private final UnaryOperator<String> post;
    private final Supplier<String> get;
    private final Map<WorkloadIdentity, WorkloadCertificate> certificates = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<X509Certificate> anchors;
    private volatile List<Revocation> revocations = List.of();

    private RemoteCertificates(UnaryOperator<String> post, Supplier<String> get) {
        this.post = post;
        this.get = get;
        this.anchors = List.of();
    }

    /**
     * Fetches the first certificate, and with it the anchors.
     *
     * @param post sends a JSON body to {@code /weft/v1/certificates} and returns the answer's; throws when that fails
     * @param get reads from there; throws when that fails
     */
    public static RemoteCertificates of(UnaryOperator<String> post, Supplier<String> get, WorkloadIdentity identity) {
        RemoteCertificates remote = new RemoteCertificates(post, get);
        remote.certificate(identity);
        remote.followTrust(); // what is revoked is refused from the first connection on
        Thread.ofVirtual().name("certificates").start(remote::renew);
        return remote;
    }

    @Override
    public WorkloadCertificate certificate(WorkloadIdentity identity) {
        return certificates.computeIfAbsent(identity, this::fetch);
    }

    @Override
    public List<X509Certificate> anchors() {
        return anchors;
    }

    @Override
    public List<Revocation> revocations() {
        return revocations;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private WorkloadCertificate fetch(WorkloadIdentity identity) {
        KeyPair keys = keys();
        String body = MAPPER.writeValueAsString(SigningRequest.of(identity, keys));
        SignedCertificate signed = MAPPER.readValue(post.apply(body), SignedCertificate.class);
        anchors = Pem.certificates(signed.anchors());
        return new WorkloadCertificate(identity, Pem.certificates(signed.chain()), keys.getPrivate());
    }

    private void renew() {
        try {
            while (!closed.await(CHECK_SECONDS, TimeUnit.SECONDS)) {
                followTrust();
                renewDue(Instant.now());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes over other anchors and what is revoked, and has signed anew what somebody else signed, or what was revoked. */
    void followTrust() {
        Vouching now;
        List<Revocation> revoked;
        try {
            now = MAPPER.readValue(get.get(), Vouching.class);
            revoked = now.revocations();
        } catch (RuntimeException e) {
            LOG.debug("The platform is away; certificates stay as they are", e);
            return;
        }
        List<X509Certificate> issuers = Pem.certificates(now.issuer());
        boolean moved = !Pem.certificates(now.anchors()).equals(anchors) || !revoked.equals(revocations);
        anchors = Pem.certificates(now.anchors());
        revocations = revoked;
        for (WorkloadCertificate old : List.copyOf(certificates.values())) {
            boolean behind = !issuers.isEmpty() && !old.chain().containsAll(issuers);
            boolean refused = revoked.stream()
                    .anyMatch(each -> each.covers(old.identity(), old.chain().getFirst()));
            moved |= (behind || refused) && renew(old);
        }
        if (moved) {
            listeners.forEach(Runnable::run);
        }
    }

    private boolean renew(WorkloadCertificate old) {
        try {
            certificates.put(old.identity(), fetch(old.identity()));
            return true;
        } catch (RuntimeException e) {
            LOG.warn("The certificate of {} could not be renewed: {}", old.identity(), e.getMessage());
            return false;
        }
    }

    /** Renews what is past its time; what fails stays as it is and is tried again at the next check. */
    void renewDue(Instant now) {
        for (WorkloadCertificate old : List.copyOf(certificates.values())) {
            if (Renewal.due(old.chain().getFirst()).isAfter(now)) {
                continue;
            }
            if (renew(old)) {
                listeners.forEach(Runnable::run);
            }
        }
    }

    static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no EC keys: " + e.getMessage(), e);
        }
    }
}
