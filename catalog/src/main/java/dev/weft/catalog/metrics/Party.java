package dev.weft.catalog.metrics;

import dev.weft.model.workload.Workload;

/**
 * What declares the pods at one end of a request: a Deployment, the edge.
 *
 * @param kind for example {@code Deployment}; all three are empty when it is not known
 */
public record Party(String namespace, String kind, String name) {

    public static final Party NONE = new Party("", "", "");
    public static final Party EDGE = of(Workload.EDGE);

    public static Party of(Workload workload) {
        return new Party(workload.namespace(), workload.ownerKind(), workload.owner());
    }

    public boolean known() {
        return !name.isEmpty();
    }

    /** The label that Linkerd has for such a thing: {@code deployment}, {@code statefulset}; the edge is a deployment. */
    public String label() {
        return switch (kind) {
            case "", "Edge", "Revision", "Deployment" -> "deployment";
            case "Job" -> "k8s_job";
            default -> kind.toLowerCase(java.util.Locale.ROOT);
        };
    }
}
