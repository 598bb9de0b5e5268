package dev.weft.model.workload;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** Certificates that are refused though an anchor vouches for them; until the last of them would have ended by itself. */
public sealed interface Revocation {

    /** When it has nothing left to refuse. */
    Instant until();

    /** Whether it refuses this certificate. */
    boolean covers(WorkloadIdentity owner, X509Certificate leaf);

    /** One certificate. */
    record OfCertificate(BigInteger serial, Instant until) implements Revocation {

        @Override
        public boolean covers(WorkloadIdentity owner, X509Certificate leaf) {
            return leaf.getSerialNumber().equals(serial);
        }
    }

    /**
     * All of an identity's certificates up to a moment; those that are issued later are good.
     *
     * @param before such as begin before it
     */
    record OfIdentity(WorkloadIdentity identity, Instant before, Instant until) implements Revocation {

        @Override
        public boolean covers(WorkloadIdentity owner, X509Certificate leaf) {
            return owner.equals(identity) && leaf.getNotBefore().toInstant().isBefore(before);
        }
    }
}
