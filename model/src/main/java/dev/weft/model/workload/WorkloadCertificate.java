package dev.weft.model.workload;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a workload proves its identity with on a connection.
 *
 * @param chain leaf first, with the issuers that a peer needs to get to a trust anchor; the anchor itself is left out
 * @param privateKey of the leaf; never written anywhere by whoever reads it
 */
public record WorkloadCertificate(WorkloadIdentity identity, List<X509Certificate> chain, PrivateKey privateKey) {

    public WorkloadCertificate {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("certificate chain of " + identity + ": empty (expected: leaf first)");
        }
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "WorkloadCertificate[" + identity + ", until " + chain.getFirst().getNotAfter() + "]";
    }
}
