package dev.weft.model.outcome;

/** Which stack of the proxy handled the request. */
public enum Hop {
    /** From outside into the mesh. */
    EDGE,
    /** A workload's call, on the caller's side. */
    OUTBOUND,
    /** The same call, on the called side. */
    INBOUND
}
