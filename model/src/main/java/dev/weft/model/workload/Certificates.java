package dev.weft.model.workload;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Joint: the identities' certificates, and whom to trust. The control plane's authority answers (it issues, and renews
 * before expiry), the proxy asks.
 */
public interface Certificates {

    /**
     * The newest certificate of an identity, issued by the first call for it. May block for a signature or a network, so
     * it is never called on an event loop; safe from any thread.
     */
    WorkloadCertificate certificate(WorkloadIdentity identity);

    /** The trust anchors now: a peer's chain must end in one of them. */
    List<X509Certificate> anchors();

    /** Certificates that are refused though an anchor vouches for them. */
    List<Revocation> revocations();

    /**
     * Calls {@code listener} after any certificate that was ever asked for was renewed, after the anchors changed and after
     * certificates were revoked, on any thread; the listener must return at once and ask again when it gets to it.
     */
    void onChange(Runnable listener);
}
