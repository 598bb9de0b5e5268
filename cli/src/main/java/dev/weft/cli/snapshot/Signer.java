package dev.weft.cli.snapshot;

import dev.weft.model.workload.WorkloadIdentity;
import java.security.cert.X509Certificate;
import java.util.List;

/** Signs certificates for keys that were made elsewhere; the control plane's authority does. */
@FunctionalInterface
public interface Signer {

    /**
     * A new certificate, leaf first, without the anchor. May block.
     *
     * @param identity that the asker is entitled to
     * @param request PKCS#10, DER
     */
    List<X509Certificate> sign(WorkloadIdentity identity, byte[] request);
}
