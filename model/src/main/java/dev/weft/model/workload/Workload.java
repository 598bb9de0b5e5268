package dev.weft.model.workload;

/**
 * Who runs or calls: one pod, or the edge gateway.
 *
 * @param namespace the pod's namespace
 * @param name the pod's name
 * @param owner the name of what declares it (a Deployment's or a revision's name), for tables and metrics
 * @param ownerKind the kind of that, for example {@code Deployment}
 * @param identity what its certificate says
 */
public record Workload(String namespace, String name, String owner, String ownerKind, WorkloadIdentity identity) {

    /** The edge gateway of this machine. */
    public static final Workload EDGE = new Workload("weft", "edge", "edge", "Edge", WorkloadIdentity.EDGE);
}
