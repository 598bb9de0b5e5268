package dev.weft.model.traffic;

/** A rule's destination. */
public sealed interface Backend {

    /** The endpoints of one service port. */
    record Service(ServicePort servicePort) implements Backend {}

    /** Decided by the mesh frontend of this service port, as if a workload had called it; used by the edge. */
    record Delegate(ServicePort servicePort) implements Backend {}

    /** Named, and not usable: a request that chooses it is answered with 503 and this reason. */
    record Invalid(String name, String reason) implements Backend {}
}
