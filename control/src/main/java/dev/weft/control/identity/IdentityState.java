package dev.weft.control.identity;

import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadIdentity;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/**
 * What the authority would tell people.
 *
 * @param stage of a rotation: {@code steady}, {@code trusted} (the next anchor is trusted beside the old one) or {@code
 *     issued} (it vouches for everybody)
 * @param anchors trusted now, the one that vouches first
 * @param leaves of workloads whose keys are in this process, and of proxies in other processes
 * @param revocations that still refuse anybody
 */
public record IdentityState(
        String stage, List<Entry> anchors, Entry issuer, List<Leaf> leaves, List<Revocation> revocations) {

    /**
     * An authority.
     *
     * @param fingerprint SHA-256 of the certificate, hexadecimal
     */
    public record Entry(String name, Instant from, Instant until, String fingerprint) {}

    /**
     * A workload's newest certificate.
     *
     * @param current whether the issuer of today signed it
     * @param remote whether its key was made by another process
     */
    public record Leaf(WorkloadIdentity identity, BigInteger serial, Instant until, boolean current, boolean remote) {}

    public IdentityState {
        anchors = List.copyOf(anchors);
        leaves = List.copyOf(leaves);
        revocations = List.copyOf(revocations);
    }
}
