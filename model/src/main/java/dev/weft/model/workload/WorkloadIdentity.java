package dev.weft.model.workload;

import java.util.Optional;

/**
 * The identity of a workload, as in its certificate's URI name (SPIFFE ID, one per service account).
 *
 * @param trustDomain for example {@code cluster.local}
 */
public record WorkloadIdentity(String trustDomain, String namespace, String serviceAccount) {

    public static final String TRUST_DOMAIN = "cluster.local";

    /** The edge gateway's own identity. */
    public static final WorkloadIdentity EDGE = new WorkloadIdentity(TRUST_DOMAIN, "weft", "edge");

    public WorkloadIdentity {
        if (trustDomain.isEmpty() || namespace.isEmpty() || serviceAccount.isEmpty()) {
            throw new IllegalArgumentException("workload identity: trust domain, namespace and service account are "
                    + "required (found: \"" + trustDomain + "\", \"" + namespace + "\", \"" + serviceAccount + "\")");
        }
    }

    /** {@code spiffe://cluster.local/ns/NS/sa/SA}. */
    public String uri() {
        return "spiffe://" + trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount;
    }

    /** Reads {@link #uri()} back; empty for any other URI. */
    public static Optional<WorkloadIdentity> parse(String uri) {
        String[] parts = uri.split("/", -1);
        boolean shaped = parts.length == 7
                && parts[0].equals("spiffe:")
                && parts[1].isEmpty()
                && parts[3].equals("ns")
                && parts[5].equals("sa")
                && !parts[2].isEmpty()
                && !parts[4].isEmpty()
                && !parts[6].isEmpty();
        return shaped ? Optional.of(new WorkloadIdentity(parts[2], parts[4], parts[6])) : Optional.empty();
    }

    @Override
    public String toString() {
        return uri();
    }
}
