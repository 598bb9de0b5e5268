package dev.weft.cli.snapshot;

import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Certificates for keys that this process makes, signed by the platform in another process, renewed at 70 % of their
 * life.
 *
 * <p>Any thread may ask; the first to ask for an identity fetches it while others wait. One virtual thread renews.
 */
public final class RemoteCertificates implements Certificates, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCertificates.class);
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final double RENEWED_AT = 0.7;
    private static final long CHECK_SECONDS = 30;

    private final UnaryOperator<String> post;
    private final Map<WorkloadIdentity, WorkloadCertificate> certificates = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<X509Certificate> anchors;

    private RemoteCertificates(UnaryOperator<String> post) {
        this.post = post;
        this.anchors = List.of();
    }

    /**
     * Fetches the first certificate, and with it the anchors.
     *
     * @param post sends a JSON body to {@code /weft/v1/certificates} and returns the answer's; throws when that fails
     */
    public static RemoteCertificates of(UnaryOperator<String> post, WorkloadIdentity identity) {
        RemoteCertificates remote = new RemoteCertificates(post);
        remote.certificate(identity);
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
                renewDue(Instant.now());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Renews what is past its time; what fails stays as it is and is tried again at the next check. */
    void renewDue(Instant now) {
        for (WorkloadCertificate old : List.copyOf(certificates.values())) {
            if (renewedAt(old.chain().getFirst()).isAfter(now)) {
                continue;
            }
            try {
                certificates.put(old.identity(), fetch(old.identity()));
                listeners.forEach(Runnable::run);
            } catch (RuntimeException e) {
                LOG.warn("The certificate of {} could not be renewed: {}", old.identity(), e.getMessage());
            }
        }
    }

    private static Instant renewedAt(X509Certificate leaf) {
        Instant from = leaf.getNotBefore().toInstant();
        Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
        return from.plusMillis((long) (life.toMillis() * RENEWED_AT));
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
