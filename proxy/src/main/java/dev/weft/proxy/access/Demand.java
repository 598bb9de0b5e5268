package dev.weft.proxy.access;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.Optional;

/**
 * Whom a caller is willing to talk to, whatever the service's endpoints are.
 *
 * @param identity as a SPIFFE URI, or as Linkerd names a service account
 */
public record Demand(String identity) {

    /** Anybody. */
    public static final Demand NONE = new Demand("");

    /** Why this endpoint will not do; empty when it will. Its certificate is compared with what it is said to be in any case. */
    public Optional<String> refusal(Endpoint endpoint) {
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        Optional<WorkloadIdentity> there = endpoint.transport() == Endpoint.Transport.MESH
                ? endpoint.workload().map(Workload::identity)
                : Optional.empty();
        if (there.filter(this::is).isPresent()) {
            return Optional.empty();
        }
        String shown = there.map(WorkloadIdentity::uri).orElse("nobody that proves who it is");
        return Optional.of(
                "The caller demands " + identity + " (l5d-require-id); endpoint " + endpoint + " is " + shown + ".");
    }

    private boolean is(WorkloadIdentity other) {
        return identity.equals(other.uri()) || identity.equals(asLinkerdNames(other));
    }

    private static String asLinkerdNames(WorkloadIdentity of) {
        return of.serviceAccount() + "." + of.namespace() + ".serviceaccount.identity.linkerd." + of.trustDomain();
    }
}
