package dev.weft.control.identity;

import dev.weft.model.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.List;

/**
 * What the authority would tell people.
 *
 * @param stage of a rotation: {@code steady}, {@code trusted} (the next anchor is trusted beside the old one) or {@code
 *     issued} (it vouches for everybody)
 * @param anchors trusted now, the one that vouches first
 * @param leaves of workloads whose keys are in this process, and of proxies in other processes
 */
public record IdentityState(String stage, List<Entry> anchors, Entry issuer, List<Leaf> leaves) {

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
    public record Leaf(WorkloadIdentity identity, Instant until, boolean current, boolean remote) {}

    public IdentityState {
        anchors = List.copyOf(anchors);
        leaves = List.copyOf(leaves);
    }
}
